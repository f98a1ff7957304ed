// swift-tools-version:5.9
import Foundation
import PackageDescription

// Where Cargo put liballonge_mobile; a released package takes an XCFramework instead.
let libraries = ProcessInfo.processInfo.environment["ALLONGE_LIBRARY_PATH"] ?? "../../target/debug"

let package = Package(
    name: "Allonge",
    platforms: [.macOS(.v13), .iOS(.v16)],
    products: [.library(name: "Allonge", targets: ["Allonge"])],
    targets: [
        // The C functions of the core, and the raw layer over them: written by uniffi-bindgen, no API.
        .systemLibrary(name: "AllongeFFI"),
        .target(
            name: "AllongeRaw",
            dependencies: ["AllongeFFI"],
            linkerSettings: [
                .unsafeFlags(["-L\(libraries)", "-Xlinker", "-rpath", "-Xlinker", libraries]),
                .linkedLibrary("allonge_mobile"),
            ]
        ),
        .target(name: "Allonge", dependencies: ["AllongeRaw"]),
        .testTarget(name: "AllongeTests", dependencies: ["Allonge"]),
    ]
)
