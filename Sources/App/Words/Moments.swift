import Rules

/// Times in words, in the organisation's zone.
struct Moments: Sendable {
    let clock: LocalClock
    let say: Sentences
    let now: Instant

    /// "4 minutes ago", "today, 18:04", "3 November".
    func ago(_ moment: Instant) -> String {
        let passed = now - moment
        if passed < .minutes(1) { return say("moments.now") }
        if passed < .hours(1) { return say("moments.minutes-ago", n: passed.minutes) }
        let (then, today) = (clock.day(moment), clock.day(now))
        if then == today { return say("moments.today", ["time": clock.time(moment)]) }
        if passed < .days(6) {
            return say("moments.weekday", ["day": say("moments.weekday-\(then.weekday)"), "time": clock.time(moment)])
        }
        return date(moment)
    }

    func date(_ moment: Instant) -> String {
        let day = clock.day(moment)
        return say(
            "moments.date", ["day": String(day.day), "month": say("moments.month-\(day.month)"), "year": String(day.year)])
    }

    /// "November 2026".
    func month(_ moment: Instant) -> String {
        let day = clock.day(moment)
        return say("moments.month", ["month": say("moments.month-\(day.month)"), "year": String(day.year)])
    }

    /// "12 minutes", "3 hours", "2 days": lengths, rounded up.
    func length(minutes: Int) -> String {
        switch minutes {
        case ..<1: say("moments.length-moment")
        case ..<90: say("moments.length-minutes", n: minutes)
        case ..<2880: say("moments.length-hours", n: (minutes + 59) / 60)
        default: say("moments.length-days", n: (minutes + 1439) / 1440)
        }
    }

    /// "by 18:40", "by Tuesday, 9:10", "by Tuesday 15 December 2026, 9:10": further away than six days, before or after,
    /// the name of the day alone would mean another week's.
    func by(_ moment: Instant) -> String {
        let (then, today) = (clock.day(moment), clock.day(now))
        let time = clock.time(moment)
        if then == today { return time }
        let weekday = say("moments.weekday-\(then.weekday)")
        let away = moment > now ? moment - now : now - moment
        if away < .days(6) { return say("moments.weekday", ["day": weekday, "time": time]) }
        return say("moments.weekday-date", ["day": weekday, "date": date(moment), "time": time])
    }

    func element(_ moment: Instant) -> HTML {
        "<time datetime=\"\(ISODate.write(moment))\">\(ago(moment))</time>"
    }
}
