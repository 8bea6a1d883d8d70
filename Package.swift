// swift-tools-version: 6.2
// Alambic's architecture, as a page that compiles. Targets stand in the order in which data travels;
// a target may import only what its `dependencies` list. Build with
// `--explicit-target-dependency-import-check error` (the Makefile does) so that this stays true.
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// MARK: - Outside libraries, each with its reason in docs/decisions/

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
/// The server's event loop, and its parser of HTTP/1.
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTP1", package: "swift-nio"),
]
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
/// Subprocess takes its paths as this library's `FilePath`.
let systemPaths: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

/// A Swift module of ours under `Sources/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// The tests of one module, under `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: ["TestSupport"] + dependencies,
    swiftSettings: swiftSettings)
}

// MARK: - Ground: the system, and what the standard library lacks

let ground: [Target] = [
  .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
  .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(name: "CAllocator"),
  module("Basics", [crypto]),
  module("Intake", ["Basics", "CZlib", "CZstd"]),
]

// MARK: - Nouns and bytes

let nouns: [Target] = [
  module("Lineage", ["Basics"]),
  module("Networks", ["Basics"]),
  module("Formats", ["Intake", "Lineage", "Networks", "Basics", "CZstd", yaml]),
]

// MARK: - Tools: they know nothing of the pipeline

let tools: [Target] = [
  module("HTTPTransport", ["Basics", "CCurl"]),
  module("Serving", ["Basics"] + nio),
  module("Typing", ["Lineage", "Basics"]),
  module("Vocabularies", ["Lineage", "Networks", "Basics"]),
  module(
    "ScriptedTeacher",
    ["Serving", "Typing", "Vocabularies", "Formats", "Intake", "Lineage", "Networks", "Basics", yaml]),
  .target(name: "CKernels"),
  module("Kernels", ["CKernels", "Basics"]),
  module("Model", ["Formats", "Lineage", "Networks", "Kernels", "Basics"]),
  // The very files that are flashed: one source, compiled here for the host and by firmware/Makefile for the core.
  .target(name: "CAtomeEngine", path: "firmware/engine"),
  // The rival's engine, with the fixed-point functions of ours.
  .target(
    name: "CGPTEngine", dependencies: ["CAtomeEngine"], path: "firmware/gpt",
    cSettings: [.headerSearchPath("../engine")]),
  // Readings to alarms, around the engine.
  .target(
    name: "CAtomeAnomaly", dependencies: ["CAtomeEngine"], path: "firmware/anomaly",
    cSettings: [.headerSearchPath("../engine")]),
  // Sound to a word, around the engine.
  .target(
    name: "CAtomeWake", dependencies: ["CAtomeEngine"], path: "firmware/wakeword",
    cSettings: [.headerSearchPath("../engine")]),
  // Texts to labels, without an engine.
  .target(name: "CAtomeNgrams", path: "firmware/ngrams"),
  module("Engine", ["CAtomeEngine", "Networks", "Basics"]),
  module("Charts"),
  module("Similarity", ["Basics"]),
]

// MARK: - Stages: each turns one noun into the next, and imports no other stage

let stages: [Target] = [
  module("Prompting", ["Lineage", "Basics"]),
  module("Teachers", ["Lineage", "HTTPTransport", "Basics", logging]),
  module("Curation", ["Similarity", "Intake", "Lineage", "Basics"]),
  module("Sharding", ["Lineage", "Formats", "Basics"]),
  module("Training", ["Similarity", "Lineage", "Networks", "Formats", "Vocabularies", "Model", "Kernels", "Basics"]),
  module("Export", ["Lineage", "Networks", "Formats", "Model", "Basics"]),
  module("Evaluation", ["Similarity", "Lineage", "Formats", "Model", "Basics"]),
  .target(
    name: "Firmware", dependencies: ["Lineage", "Networks", "Formats", "Basics", subprocess, systemPaths],
    resources: [
      .embedInCode("WebAssembly/replay.js"), .embedInCode("WebAssembly/replay-node.js"),
      .embedInCode("WebAssembly/replay-page.js"),
    ], swiftSettings: swiftSettings),
  module("Verification", ["Lineage", "Networks", "Formats", "Vocabularies", "Model", "Basics"]),
  // The playground's page becomes part of the program.
  .target(
    name: "Shipping", dependencies: ["Lineage", "Formats", "Basics", crypto],
    resources: [
      .embedInCode("Playground/playground.html"), .embedInCode("Playground/playground.css"),
      .embedInCode("Playground/playground.js"), .embedInCode("Checker/verify.py"),
    ], swiftSettings: swiftSettings),
]

// MARK: - Shell: the order of the stages, the ledger, and what a person sees

let shell: [Target] = [
  module("Ledger", ["Lineage", "Basics", grdb]),
  module(
    "Conversation",
    ["Lineage", "Networks", "Formats", "Vocabularies", "Model", "Engine", "Export", "Firmware", "Basics"]),
  module(
    "Workbench",
    [
      "Basics", "Similarity", "Intake", "Lineage", "Networks", "Formats", "HTTPTransport", "Serving", "Typing",
      "ScriptedTeacher",
      "Vocabularies",
      "Kernels", "Model", "Engine", "Charts", "Ledger", "Conversation", "Evaluation",
      "Prompting", "Teachers", "Curation", "Sharding", "Training", "Export", "Firmware", "Verification", "Shipping",
      subprocess,
    ]),
  module(
    "Study",
    [
      "Lineage", "Networks", "Formats", "Kernels", "Vocabularies", "Model", "Training", "Export", "Firmware", "Charts",
      "Conversation", "Workbench", "Basics",
    ]),
  // The page's files become part of the program, so that it stays one file.
  .target(
    name: "Studio",
    dependencies: ["Workbench", "Curation", "Conversation", "Serving", "Formats", "Lineage", "Basics"],
    resources: [
      .embedInCode("Page/index.html"), .embedInCode("Page/studio.css"), .embedInCode("Page/studio.js"),
      .embedInCode("Page/page.js"), .embedInCode("Page/review.js"), .embedInCode("Page/evaluation.js"),
      .embedInCode("Page/diversity.js"),
      .embedInCode("Page/runs.js"), .embedInCode("Page/talk.js"),
    ],
    swiftSettings: swiftSettings),
  module("Console", ["Basics"]),
  .executableTarget(
    name: "alambic",
    dependencies: [
      "Workbench", "Conversation", "Evaluation", "Study", "Studio", "Console", "Serving", "Curation", "Intake",
      "Similarity", "Sharding", "Basics",
      "Lineage", "Networks", "Formats", "Vocabularies", "Model", "Training", "CAllocator",
      "Firmware", "Verification", "Shipping", "Ledger", argumentParser, subprocess, systemPaths,
    ],
    swiftSettings: swiftSettings),
]

// MARK: - Tests

let testTargets: [Target] = [
  .target(
    name: "TestSupport", dependencies: ["Basics", "Lineage", "Networks", subprocess, systemPaths],
    path: "Tests/TestSupport", exclude: ["Goldens"],
    swiftSettings: swiftSettings),
  // Counts allocations, for the claim that a training step makes none.
  .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
  tests("Basics", ["Basics"]),
  // A small valid file of each format.
  .target(
    name: "SmallFiles", dependencies: ["TestSupport", "Formats", "Lineage", "Networks", "Basics"],
    path: "Tests/SmallFiles",
    swiftSettings: swiftSettings),
  tests("Formats", ["SmallFiles", "Formats", "Intake", "Lineage", "Networks", "Basics"]),
  tests("HTTPTransport", ["HTTPTransport", "Basics"]),
  tests("Typing", ["Typing", "Lineage", "Basics"]),
  tests("Serving", ["Serving", "Basics"]),
  tests("ScriptedTeacher", ["ScriptedTeacher", "Serving", "Vocabularies", "Formats", "Lineage", "Basics"]),
  tests("Kernels", ["Kernels", "CKernels", "Basics"]),
  tests("Vocabularies", ["Vocabularies", "Lineage", "Basics"]),
  tests("Model", ["Model", "Kernels", "Formats", "Lineage", "Networks", "Basics"]),
  tests(
    "Engine",
    [
      "Engine", "CAtomeEngine", "CAtomeAnomaly", "CAtomeWake", "CAtomeNgrams", "CGPTEngine", "Vocabularies", "Export",
      "Model", "Formats", "Lineage", "Networks", "Basics",
    ]),
  tests("Charts", ["Charts"]),
  tests("Prompting", ["Prompting", "Lineage", "Networks", "Basics"]),
  tests("Teachers", ["Teachers", "HTTPTransport", "Lineage", "Basics"]),
  tests("Curation", ["Curation", "Similarity", "Intake", "Lineage", "Basics"]),
  tests("Similarity", ["Similarity", "Basics"]),
  tests("Intake", ["Intake", "Basics"]),
  tests("Sharding", ["Sharding", "Formats", "Lineage", "Basics"]),
  tests(
    "Training",
    [
      "Training", "Sharding", "CAllocationCount", "Vocabularies", "Model", "Kernels", "Formats", "Lineage", "Networks",
      "Basics",
    ]),
  tests("Export", ["Export", "Model", "Formats", "Lineage", "Networks", "Basics"]),
  tests("Evaluation", ["Evaluation", "Formats", "Model", "Lineage", "Basics"]),
  tests("Firmware", ["Firmware", "Vocabularies", "Export", "Model", "Formats", "Lineage", "Networks", "Basics"]),
  tests(
    "Verification",
    [
      "Verification", "Firmware", "Vocabularies", "Model", "Engine", "Formats", "Lineage", "Networks", "Basics",
      subprocess,
    ]),
  tests("Shipping", ["Shipping", "Verification", "Formats", "Lineage", "Networks", "Basics", crypto]),
  tests("Ledger", ["Ledger", "Lineage", "Basics", grdb]),
  tests("Conversation", ["Conversation", "Firmware", "Formats", "Vocabularies", "Lineage", "Networks", "Basics"]),
  tests(
    "Workbench", ["Workbench", "Evaluation", "Training", "Networks", "Formats", "Lineage", "Basics"]),
  tests("Study", ["Study", "Workbench", "Conversation", "Formats", "Lineage", "Networks", "Basics"]),
  tests("Studio", ["SmallFiles", "Studio", "Workbench", "Ledger", "Formats", "Lineage", "Basics"]),
  tests("Console", ["Console", "Basics"]),
  tests(
    "Command",
    [
      "alambic", "Basics", "Engine", "Firmware", "Formats", "Lineage", "Networks", "Ledger", "Model", "Serving",
      "ScriptedTeacher", "Vocabularies", yaml,
    ]),
  tests("Tidy", ["Basics"]),
]

// MARK: - Fuzzing: `make fuzz-swift` sets ALAMBIC_FUZZ, since libFuzzer comes only with what is built for it

let fuzzTargets: [Target] =
  Context.environment["ALAMBIC_FUZZ"] == nil
  ? []
  : [
    .systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"),
    .executableTarget(
      name: "fuzz-readers",
      dependencies: ["CLibFuzzer", "SmallFiles", "TestSupport", "Engine", "Model", "Formats", "Networks", "Basics"],
      path: "Fuzz/readers", swiftSettings: swiftSettings),
  ]

let package = Package(
  name: "alambic",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "alambic", targets: ["alambic"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
  ],
  targets: ground + nouns + tools + stages + shell + testTargets + fuzzTargets,
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c99
)
