import Basics
import Firmware
import Foundation
import TestSupport
import Testing

/// A library as each system takes it: built where the system is here, else held against its documented rules.
@Suite("Engine libraries in projects", .needs(["gcc", "clang"]))
struct LibraryLayoutTests {
  @Test("every file is there and every place filled")
  func files() throws {
    let library = try EngineLibrary(
      model: Bench.float.image, settings: LibraryBench.settings(), firmwareFolder: Bench.firmwareFolder)
    #expect(
      library.files.map(\.path) == [
        "CMakeLists.txt", "LICENSE", "README.md", "cmake/demo-config.cmake", "examples/c/CMakeLists.txt",
        "examples/c/main.c", "examples/continue/continue.ino", "idf_component.yml", "library.json",
        "library.properties", "src/demo.c", "src/demo.h", "zephyr/CMakeLists.txt", "zephyr/Kconfig",
        "zephyr/module.yml",
      ])
    for file in library.files {
      let text = String(decoding: file.bytes, as: UTF8.self)
      #expect(text.firstMatch(of: #/@\w+@/#) == nil, "\(file.path)")
      #expect(file.path == "LICENSE" || text.contains("demo"), "\(file.path)")
    }
    let main = try #require(library.files.first { $0.path == "examples/c/main.c" })
    #expect((25...35).contains(main.bytes.count { $0 == UInt8(ascii: "\n") }))
  }

  @Test("CMake installs it, and an example finds the package", .needs(["cmake"]), arguments: try LibraryBench.benches)
  func cmake(_ bench: Bench) async throws {
    try await bench.withLibrary { library in
      let prefix = "\(library.folder)/installed here"
      for arguments in [
        ["-S", library.path, "-B", "build", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_PREFIX=\(prefix)"],
        ["--build", "build"], ["--install", "build"],
        ["-S", "\(library.path)/examples/c", "-B", "example", "-DCMAKE_PREFIX_PATH=\(prefix)"], ["--build", "example"],
      ] {
        let outcome = try await runTool("cmake", arguments, in: library.folder)
        #expect(outcome.status == 0, "\(arguments): \(outcome.messages)")
      }
      let said = try await runTool("env", ["\(library.folder)/example/demo_example"], in: library.folder)
      let expected = try library.expected()
      #expect(said.output == expected)
    }
  }

  @Test("ESP-IDF's and Zephyr's functions are called with files that are there", .needs(["cmake"]))
  func foreignCMake() async throws {
    try await Bench.float.withLibrary { library in
      let functions = [
        "idf_component_register", "target_compile_options", "zephyr_include_directories", "zephyr_library_named",
        "zephyr_library_sources", "zephyr_library_compile_options",
      ].map { name in
        """
        function(\(name))
          string(REPLACE ";" " " words "${ARGV}")
          message("\(name) ${words}")
        endfunction()

        """
      }
      func said(_ settings: String, _ file: String) async throws -> [String] {
        // The system includes it from its own folder, so the file is named by a plain link.
        try? FileManager.default.createSymbolicLink(
          atPath: "\(library.folder)/link", withDestinationPath: library.path)
        try AtomicFile.write(
          functions.joined() + settings + "include(link/\(file))\n", to: "\(library.folder)/script.cmake")
        let outcome = try await runTool("cmake", ["-P", "script.cmake"], in: library.folder)
        #expect(outcome.status == 0, "\(outcome.messages)")
        return outcome.messages.split(separator: "\n").map(String.init)
      }
      #expect(
        try await said("set(ESP_PLATFORM 1)\nset(COMPONENT_LIB here)\n", "CMakeLists.txt") == [
          "idf_component_register SRCS src/demo.c INCLUDE_DIRS src",
          "target_compile_options here PRIVATE -ffp-contract=off",
        ])
      #expect(
        try await said("set(CONFIG_DEMO 1)\n", "zephyr/CMakeLists.txt") == [
          "zephyr_include_directories ../src", "zephyr_library_named demo", "zephyr_library_sources ../src/demo.c",
          "zephyr_library_compile_options -ffp-contract=off",
        ])
      #expect(try await said("", "zephyr/CMakeLists.txt").isEmpty)
      let module = try library.text("zephyr/module.yml")
      #expect(module == "name: demo\nbuild:\n  cmake: zephyr\n  kconfig: zephyr/Kconfig\n")
      let options = try library.text("zephyr/Kconfig")
      #expect(options.hasPrefix("config DEMO\n\tbool \"The language model demo\"\n\thelp\n\t  "))
      let manifest = try library.text("idf_component.yml")
      #expect(manifest.firstMatch(of: #/^version: "\d+\.\d+\.\d+"\n/#) != nil)
      #expect(manifest.contains("\ndependencies:\n  idf: \">=4.4\"\n"))
    }
  }

  /// https://arduino.github.io/arduino-cli/latest/library-specification/
  @Test("library.properties keeps to Arduino's rules")
  func arduino() async throws {
    try await Bench.float.withLibrary { library in
      let lines = try library.text("library.properties").split(separator: "\n")
      let fields = Dictionary(
        uniqueKeysWithValues: lines.map { line in
          let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
          return (parts[0], parts[1])
        })
      let wanted = [
        "name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures",
        "includes",
      ]
      #expect(Set(fields.keys) == Set(wanted) && fields.values.allSatisfy { !$0.isEmpty })
      #expect(try #require(fields["name"]).wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}/#) != nil)
      #expect(try #require(fields["version"]).wholeMatch(of: #/\d+\.\d+\.\d+/#) != nil)
      #expect(fields["category"] == "Data Processing" && fields["architectures"] == "*")
      #expect(try #require(fields["sentence"]).hasSuffix(".") && fields["paragraph"] != fields["sentence"])
      #expect(FileManager.default.fileExists(atPath: "\(library.path)/src/\(try #require(fields["includes"]))"))
      // Sources in `src` are compiled whole, so no utility folder may stand beside it.
      #expect(!FileManager.default.fileExists(atPath: "\(library.path)/utility"))
    }
  }

  @Test("library.json is PlatformIO's, and names files that are there", arguments: [Bench.float, try Bench.classifier])
  func platformIO(_ bench: Bench) async throws {
    try await bench.withLibrary { library in
      let manifest = try #require(
        try JSONSerialization.jsonObject(with: Data(library.text("library.json").utf8)) as? [String: Any])
      #expect(manifest["name"] as? String == "demo")
      #expect((manifest["version"] as? String)?.wholeMatch(of: #/\d+\.\d+\.\d+/#) != nil)
      #expect(manifest["frameworks"] as? String == "*" && manifest["platforms"] as? String == "*")
      let build = try #require(manifest["build"] as? [String: Any])
      #expect(build["flags"] as? [String] == ["-ffp-contract=off"])
      let source = try #require(build["srcDir"] as? String)
      let header = try #require(manifest["headers"] as? String)
      var named = ["\(source)/demo.c", "\(try #require(build["includeDir"] as? String))/\(header)"]
      for example in try #require(manifest["examples"] as? [[String: Any]]) {
        let base = try #require(example["base"] as? String)
        named += try #require(example["files"] as? [String]).map { "\(base)/\($0)" }
      }
      for file in named { #expect(FileManager.default.fileExists(atPath: "\(library.path)/\(file)"), "\(file)") }
      #expect(named.count == 4)
    }
  }

  @Test(
    "the sketch is C++ that says what the example says, and answers lines", .needs(["g++"]),
    arguments: try LibraryBench.benches)
  func sketch(_ bench: Bench) async throws {
    try await bench.withLibrary { library in
      try AtomicFile.write(Self.arduino, to: "\(library.folder)/Arduino.h")
      let sketch = "\(library.path)/\(library.sketch)"
      try AtomicFile.write(
        "#include \"Arduino.h\"\n" + (try library.text(library.sketch)) + Self.main,
        to: "\(library.folder)/sketch.cpp")
      #expect(FileManager.default.fileExists(atPath: sketch))
      for arguments in [
        ["gcc", "-O2", "-c", library.source, "-o", "demo.o"],
        ["g++", "-O2", "-Wall", "-Wextra", "-Werror", library.headers, "-I.", "sketch.cpp", "demo.o", "-o", "sketch"],
      ] {
        let built = try await library.compile(arguments[0], Array(arguments.dropFirst()))
        #expect(built.status == 0, "\(built.messages)")
      }
      let said = try await runTool("env", ["\(library.folder)/sketch"], in: library.folder)
      // A classifier's text has no line end.
      let line = "is it warm?\(library.bench.head == nil ? "\n" : "")"
      let expected = try library.expected() + library.expected(Array(line.utf8))
      #expect(said.output == expected, "\(String(decoding: said.output, as: UTF8.self))")
    }
  }

  /// As much of Arduino as the sketch sees.
  private static let arduino = """
    #include <cstdint>
    #include <cstdio>
    struct Line {
      const char *rest = "is it warm?\\n";
      void begin(int) {}
      int available() { return *rest != 0; }
      int read() { return *rest++; }
      void write(uint8_t byte) { std::putchar(byte); }
      void println(const char *text = "") { std::puts(text); }
    };
    static Line Serial;
    static inline void delay(int) {}

    """

  private static let main = """

    int main() {
      setup();
      while (Serial.available()) loop();
    }

    """
}
