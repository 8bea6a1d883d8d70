import Basics
import Firmware
import Formats
import Foundation
import Model
import Networks
import TestSupport
import Testing
import Verification

@Suite("Tools that are missing, late or stopped")
struct ToolboxTests {
  static let model = AtomeImageFile.write(RandomModel.make(seed: 3, shape: RandomModel.small), provenance: nil)

  @Test("a missing tool is named, with the line that installs it")
  func missing() async throws {
    try await withTemporaryFolder { folder in
      let emptyHanded = Toolbox(searchPath: folder)
      let core = EmulatedCore(
        .cortexM3, model: Self.model, firmwareFolder: ParityTests.firmwareFolder, in: folder, toolbox: emptyHanded)
      let error = await #expect(throws: HintedError.self) { try await core.answer(try TestVectors.small) }
      #expect(error?.status == .unavailable)
      #expect(error?.message == "make is not installed")
      #expect(error?.hint == "sudo apt-get install --yes make")
      let compiler = #expect(throws: HintedError.self) { try emptyHanded.require(["arm-none-eabi-gcc"]) }
      #expect(compiler?.hint?.contains("gcc-arm-none-eabi") == true)
    }
  }

  @Test("a program that does not end is ended")
  func late() async throws {
    let error = await #expect(throws: HintedError.self) {
      try await Toolbox().run("sleep", ["600"], in: "/", timeLimit: .milliseconds(100))
    }
    #expect(error?.status == .unavailable)
  }

  /// Each has a character that make or a shell would act on.
  static let hostileNames = [
    "a b", "o'brien", "say \"hi\"", "a$b", "$(touch INJECTED)", "`touch INJECTED`", "(old)", "a:b", "a&b", "a%b",
    "100*",
    "a\\b", "a;touch INJECTED;b", "a#b", "a=b", "~", "-n", "a|b", "a>b", "line\nbreak", "tab\tstop", "Küche",
    "a?b[c]{d}",
  ]

  @Test(
    "a folder's name is data: each gives the reference's bits, and none runs as a command",
    .enabled(if: ParityTests.has(["make", "gcc"]), "needs make and gcc"), arguments: hostileNames)
  func hostileFolder(name: String) async throws {
    try await withTemporaryFolder { folder in
      let (work, sources) = ("\(folder)/\(name)", "\(folder)/sources \(name)")
      try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: sources, withDestinationPath: ParityTests.firmwareFolder)
      let build = HostBuild(
        compiler: "gcc", optimization: "-O0", model: Self.model, firmwareFolder: sources, in: work)
      let vectors = try TestVectors.small
      let model = try AtomeImageFile.read(Self.model, name: "image").model
      var reference = try ReferenceEngine(model: model, contextLength: vectors.contextLength)
      #expect(try await build.answer(vectors).transcript == Transcript(of: &reference, answering: vectors))
      for place in [folder, work, ParityTests.firmwareFolder] {
        #expect(!FileManager.default.fileExists(atPath: "\(place)/INJECTED"))
      }
    }
  }

  @Test(
    "a board's firmware is built and run in a folder of any name",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"))
  func hostileFirmware() async throws {
    try await withTemporaryFolder { folder in
      let work = "\(folder)/a, b=c; $(touch INJECTED) 'x'"
      try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
      let core = EmulatedCore(
        .cortexM3, model: Self.model, firmwareFolder: ParityTests.firmwareFolder, in: work)
      _ = try await core.answer(try TestVectors.small)
    }
  }

  @Test("an error of make names the folder as its owner does")
  func names() throws {
    let links = try PathLinks(["/plain", "/odd one", "/odd one/in side"])
    defer { links.remove() }
    #expect(links.replaced("/plain") == "/plain")
    for path in ["/odd one", "/odd one/x", "/odd one/in side", "/odd one/in side/y"] {
      #expect(PathLinks.isPlain(links.replaced(path)), "\(links.replaced(path))")
      #expect(links.restored(in: "no rule for \(links.replaced(path))").hasPrefix("no rule for /odd one"))
    }
  }

  @Test(
    "a model that the board cannot hold is refused by the build, in the linker's words",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"))
  func budget() async throws {
    let shape = AtomeShape(modelWidth: 512, layerCount: 16, headWidth: 64, topK: 4, kernelSize: 5)
    let large = AtomeImageFile.write(RandomModel.make(seed: 3, shape: shape), provenance: nil)
    try await withTemporaryFolder { folder in
      let builder = FirmwareBuilder(firmwareFolder: ParityTests.firmwareFolder)
      let error = await #expect(throws: HintedError.self) {
        try await builder.build(model: large, vectors: try TestVectors.small, for: Core.cortexM3.boards[0], in: folder)
      }
      #expect(error?.message.contains("budget") == true, "\(String(describing: error))")
    }
  }

  @Test(
    "a program that refuses its image is bad data, in the engine's words",
    .enabled(if: ParityTests.has(["make", "gcc"]), "needs make and gcc"))
  func refused() async throws {
    var damaged = Self.model
    damaged[30] ^= 0x55
    try await withTemporaryFolder { folder in
      let build = HostBuild(
        compiler: "gcc", optimization: "-O0", model: damaged, firmwareFolder: ParityTests.firmwareFolder, in: folder)
      let error = await #expect(throws: HintedError.self) { try await build.answer(try TestVectors.small) }
      #expect(error?.status == .badData)
      #expect(error?.message.contains("checksum") == true, "\(String(describing: error))")
    }
  }

  @Test(
    "a firmware on a machine of another memory map stops with an error, or is stopped",
    .enabled(if: ParityTests.has(EmulatedCore.requiredTools), "needs the Arm compiler and QEMU"))
  func wrongMachine() async throws {
    let wrong = Core(name: "cortex-m3", boards: [Board("mps2-an385", machine: "lm3s6965evb")])
    try await withTemporaryFolder { folder in
      let core = EmulatedCore(
        wrong, model: Self.model, firmwareFolder: ParityTests.firmwareFolder, in: folder, timeLimit: .seconds(2))
      await #expect(throws: HintedError.self) { try await core.answer(try TestVectors.small) }
    }
  }

  @Test("cores go by name")
  func coreNames() throws {
    for core in Core.all { #expect(try Core.named(core.name) == core) }
    #expect(throws: HintedError.self) { try Core.named("cortex-a53") }
  }
}
