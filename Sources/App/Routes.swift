/// The index of the product: every address, who may use it, in one place. `docs/api` and the OpenAPI page are held
/// against this list by tests.
enum Routes {
    static let all: [Route] =
        house + joining + signingIn + help + rooms + items + writing + today + reading + talk + you + rights
        + reappraisal + letters + stories + care + offers + records + supervision + courses + queue + cases + verdicts + duty + steward
        + research + forms + coding + health + afterReading + askingAfter + leaving + fhir + studies + studyDesk + reviewing + openAPI
}
