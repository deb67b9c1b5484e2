// swift-tools-version:6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "understory",
    products: [
        .executable(name: "understory", targets: ["understory"]),
        .library(name: "Screening", targets: ["Screening"]),
        .library(name: "Statistics", targets: ["Statistics"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.2.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "Screening", swiftSettings: strict),
        // Reference LAPACK, so that digits agree with other statistics packages; Boost.Math behind plain C functions.
        .systemLibrary(name: "CLapack", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
        .target(name: "CNumerics"),
        .target(name: "Statistics", dependencies: ["CLapack", "CNumerics"], swiftSettings: strict),
        .target(
            name: "Rules",
            dependencies: ["Screening", "Statistics", .product(name: "HeapModule", package: "swift-collections")], swiftSettings: strict),
        .target(
            name: "Store",
            dependencies: [
                "Rules", "Screening", "Statistics", "CPostgres",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ], resources: [.embedInCode("Migrations")], swiftSettings: strict),
        .target(
            name: "Outside",
            dependencies: ["Rules", "CCurl"], swiftSettings: strict),
        .target(
            name: "App",
            dependencies: [
                "Screening", "Statistics", "Rules", "Store", "Outside", "CSodium", "CDeflate",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "understory",
            dependencies: [
                "App", "Screening", "Statistics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
            ], swiftSettings: strict),
        .testTarget(name: "ScreeningTests", dependencies: ["Screening"], swiftSettings: strict),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics"], exclude: ["vectors", "published"], swiftSettings: strict),
        .testTarget(name: "RulesTests", dependencies: ["Rules", "Screening", "Statistics"], swiftSettings: strict),
        .testTarget(name: "StoreTests", dependencies: ["Store", "Rules", "Screening"], swiftSettings: strict),
        .testTarget(name: "HouseTests", dependencies: ["App", "Rules"], swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
