import Testing

@testable import Screening

@Suite struct DetailTests {
    @Test(arguments: [
        "text me on 07700 900123", "my number is 0 7 7 0 0 9 0 0 1 2 3",
        "call oh seven seven double oh nine oh oh one two three",
        "mail me at marlo.quill@example.org", "marlo quill at gmail dot com", "my snap is jellotoad77",
        "I'm @jellotoad everywhere", "my name is Marlo Trevanion", "my surname is Trevanion",
        "my birthday is 14th March 2009", "born 14/03/2009", "I go to Larkmoor Academy",
        "I live at 12 Fennel Road", "our postcode is ZX9 4QT", "I'm outside the library right now",
        "my other account is called Wren",
        "my recital is on 12th June at the town hall",
    ])
    func ownDetailIsSeen(text: String) {
        #expect(Loaded.screen.assess(text).has(.ownDetail), "\(text)")
    }

    @Test(arguments: [
        "I'm 14", "I am fourteen years old", "call 116 123", "ring 0800 1111 or text 85258", "988 is open all night",
        "13 11 14 helped me", "1737 is free", "116 111", "breathe in 1 2 3 4 5 6 7 8 9 10", "5 4 3 2 1 grounding",
        "it cost 20 and took 3 hours", "I go to school by bus", "my name is a secret", "look at childline.org.uk",
        "Childline 0800 1111 (24/7)", "0800 1111 - 24 hours", "call 116 123 - 24 hours", "0800 1111\n116 123", "24/7: 116 123",
        "I scored 10 out of 10", "I'm so tired today", "we have 3 exams on monday",
    ])
    func helpAndAgesPass(text: String) {
        let assessment = Loaded.screen.assess(text)
        for kind in [ConcernKind.ownDetail, .othersDetail, .link] {
            #expect(!assessment.has(kind), "\(text): \(assessment.concerns.map(\.source))")
        }
    }

    /// A help line beside a number of one's own hides nothing.
    @Test(arguments: [
        "116 123 or 07700 900123", "07700 900123 not 0800 1111", "234 555 0199 is my number", "call me 0800 1111 07700 900123",
        "0800 1111 +44 7700 900123", "Text 741741 (555) 123-4567", "116 123 7700 900123", "My number is 07911 116123", "0770 116123",
        "My mobile is 07741 741741", "686868 416-555-0123 is mine", "0800 1111 (+44 7700 900123)", "0800 1111\n07700 900123",
    ])
    func aNumberBesideAHelpLineIsSeen(text: String) {
        #expect(Loaded.screen.assess(text).has(.ownDetail), "\(text)")
    }

    /// A page of a help service passes however it is written; what only looks like one waits.
    @Test func aLinkToHelpIsTold() {
        for link in [
            "https://www.childline.org.uk/get-support", "www.childline.org.uk", "see childline.org.uk.", "(nhs.uk)", "https://nhs.uk:443/x",
            "childline.org.uk… thanks", "samaritans.org",
        ] {
            #expect(!Loaded.screen.assess(link).has(.link), "\(link)")
        }
        for link in [
            "https://childline.org.uk:80@1.2.3.4/", "https://childline.org.uk@16909060", "https://childline.org.uk。evil.io",
            "https://childline.org.uk．evil.io", "https://childline.org.uk\u{AD}.evil.io", "https://nhs.uk\u{2024}evil.io",
            "childline.org.uk/http://evil.io/x", "childline.org.uk.evil.io", "www.childline.org.uk and then jellytoad dot com",
        ] {
            #expect(Loaded.screen.assess(link).has(.link), "\(link)")
        }
    }

    /// Numbers that are free to call belong to services; the mask leaves a help line whole.
    @Test func aServiceIsNobodysDetail() {
        for text in ["NSPCC 0808 800 5000", "ring 1-800-273-8255", "0800 58 58 58 is CALM"] {
            #expect(!Loaded.screen.assess(text).has(.ownDetail), "\(text)")
        }
        #expect(Loaded.screen.masked("Ring 07700 900123 0800 1111 tonight.") == "Ring [removed] 0800 1111 tonight.")
    }

    /// Signs that are no letters wait for a person, also under a title.
    @Test func otherSignsWaitForAPerson() {
        for text in ["A day\n⠓⠑⠇⠏ ⠍⠑", "A day\n.... . .-.. .--. / -- .", "🇮 🇼🇮🇱🇱 🇰🇮🇱🇱"] {
            #expect(Loaded.screen.assess(text).completeness == .unknownLanguage, "\(text)")
        }
        for text in ["Off to 🇬🇧🇫🇷 soon", "Well ... that was - fine", "A list:\n- one\n- two\n-----\n....."] {
            #expect(Loaded.screen.assess(text).completeness == .whole, "\(text)")
        }
    }

    /// Digits of other scripts, beside one another, are looked at and break nothing.
    @Test func otherDigitsAreLookedAt() {
        for digits in ["٠٨٠٠ ١١١١ ٢٤", "०८०० ११११ २४", "０８００ １１１１ ２４", "𝟎𝟖𝟎𝟎 𝟏𝟏𝟏𝟏 𝟐𝟒", "⑧⑧⑧ ⑧⑧⑧ ⑧⑧"] { _ = Loaded.screen.assess(digits) }
    }

    /// What a host shows as a line of help is one, however it is written.
    @Test func linesOfAHostAreNobodysDetail() {
        let text = "whatsapp 9151 1767 or see https://online.lamp.example/chat"
        #expect(Loaded.screen.assess(text).has(.ownDetail) && Loaded.screen.assess(text).has(.link))
        let knowing = Loaded.screen.knowing(numbers: ["9151 1767", "-", ""], pages: ["https://lamp.example/", ""])
        #expect(!knowing.assess(text).has(.ownDetail) && !knowing.assess(text).has(.link))
        #expect(knowing.assess("see https://other.example").has(.link) && knowing.version == Loaded.screen.version)
    }

    @Test func othersDetailIsToldApart() {
        #expect(Loaded.screen.assess("his number is 07700 900123").has(.othersDetail))
        #expect(!Loaded.screen.assess("his number is 07700 900123").has(.ownDetail))
    }

    @Test func wordsFromSomewhereElseAreSeen() { #expect(Loaded.screen.assess("copied from a website").has(.copied)) }

    @Test func linksAndSmallPlaces() {
        #expect(Loaded.screen.assess("see https://example.org/a?b=c").has(.link))
        #expect(Loaded.screen.assess("see example.com").has(.link))
        #expect(!Loaded.screen.assess("that was fun.see you").has(.link))
        // From a host's list wherever it stands; elsewhere where somebody says that it is their home and it is no large place.
        let context = Context(smallPlaces: ["nether wallop"])
        #expect(Loaded.screen.assess("the fair at nether wallop", context: context).has(.smallPlace))
        #expect(!Loaded.screen.assess("the fair at Nether Wallop").has(.smallPlace))
        #expect(Loaded.screen.assess("I live in Nether Wallop").has(.smallPlace))
        for large in ["London", "South Africa", "New York", "Yorkshire", "Brazil"] {
            #expect(!Loaded.screen.assess("I live in \(large)").has(.smallPlace), "\(large)")
        }
    }

    @Test func maskingTakesOutOnlyOwnDetail() {
        #expect(Loaded.screen.masked("text me on 07700 900123 please") == "text me on [removed] please")
        #expect(Loaded.screen.masked("hi, my name is Marlo Trevanion") == "hi, my name is [removed]")
        #expect(Loaded.screen.masked("call 116 123 any time") == "call 116 123 any time")
        #expect(Loaded.screen.masked("📞 07700 900123 👍") == "📞 [removed] 👍")
    }

    @Test func hintsNeverSpeakOfRisk() {
        let hints = Loaded.screen.assess("I want to die, my number is 07700 900123").hints
        #expect(hints.map(\.kind) == [.ownDetail])
    }
}
