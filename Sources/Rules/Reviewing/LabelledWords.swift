/// What made-up titles and people are made of. Families are made of syllables: nobody is meant.
extension LabelledRecords {
    static let subjects = [
        "Online peer support", "Text message reminders", "Guided self-help", "A moderated forum", "Letters between strangers", "Group chat",
        "Music sharing",
        "Digital storytelling", "School counselling", "Telephone befriending", "Mutual aid groups", "A befriending app", "Peer mentoring",
        "Anonymous letters",
        "Volunteer moderation", "Video diaries", "Drop-in evenings", "Games with others", "A shared garden", "Walking groups",
        "Creative writing",
        "Peer-led courses", "Chat with trained peers", "Question boards", "A recovery college", "Support by messenger",
        "Weekly video groups",
        "Crisis text lines", "Blended support", "Self-guided lessons",
    ]
    static let designs = [
        "a randomised controlled trial", "a mixed methods study", "a cohort study", "an interview study", "a cross-sectional survey",
        "a case study",
        "an observational study", "a thematic analysis", "a natural experiment", "a content analysis", "an interrupted time series",
        "a participatory study",
        "a stepped wedge trial", "a longitudinal study", "an ethnography", "a scoping study",
    ]
    static let people = [
        "young people", "students", "young carers", "boys", "girls", "adolescents with low mood", "young parents", "apprentices",
        "young migrants",
        "school leavers", "children of parents with depression", "young people with psychosis", "young people who live in care",
        "rural youth",
        "university students", "young adults with anxiety", "teenagers", "young men", "young women", "autistic young people",
        "young people with diabetes",
        "pupils", "trainee nurses", "young athletes", "young people after hospital",
    ]
    static let places = [
        "a large city", "northern towns", "coastal villages", "four countries", "two regions", "an island", "mountain valleys", "suburbs",
        "a border region",
        "six schools", "a national programme", "secondary schools", "community centres", "three clinics", "rural areas", "universities",
        "a youth service",
        "emergency departments", "public libraries", "online communities",
    ]
    static let outcomes = [
        "loneliness", "low mood", "hope", "belonging", "self-esteem", "sleep", "worry", "connectedness", "help-seeking", "recovery",
        "distress", "quality of life",
        "stigma", "empowerment", "school attendance", "trust",
    ]
    static let journals = [
        "Made-up Journal of Youth", "Annals of Invention", "Peer Papers", "Quarterly of Nothing", "Imagined Medicine",
        "Journal of Examples",
    ]
    static let given = ["Ada", "Bo", "Cleo", "Dara", "Eli", "Fay", "Gil", "Hana", "Ivo", "Jun", "Kit", "Lou", "Mio", "Nell", "Ola", "Pia"]
    static let families: [String] = {
        let (heads, tails) = (
            [
                "Mar", "Tol", "Ven", "Hal", "Bri", "Sor", "Kel", "Dun", "Fal", "Gro", "Lin", "Pes", "Ras", "Wen", "Zim", "Cor", "Jas",
                "Nor", "Ost", "Ul",
            ],
            ["ley", "sten", "dal", "berg", "wick", "more", "ton", "holt", "quist", "mann", "field", "croft", "ova", "ami", "etti", "oux"]
        )
        return heads.flatMap { head in tails.map { head + $0 } }
    }()
}
