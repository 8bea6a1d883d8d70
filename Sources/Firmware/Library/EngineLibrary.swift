import Basics
import Formats
import Foundation

/// A model with its engine as C that one adds to a project: one file, one header, an example, and what Arduino,
/// PlatformIO, CMake, Zephyr and ESP-IDF want beside them. The files' texts are data under `firmware/library`.
public struct EngineLibrary: Sendable {
  public var name: String
  /// By their paths in the library's folder, in the order of these.
  public var files: [(path: String, bytes: [UInt8])]
  /// T, positions that attention sees.
  public var contextLength: Int
  /// RAM of the engine; the library's own state is a few hundred bytes more.
  public var engineByteCount: Int

  /// What the library and its example are made with.
  public struct Settings: Sendable {
    public var name: String
    /// What the example continues.
    public var prompt: [UInt8]
    /// T, positions that attention sees.
    public var contextLength: Int
    /// The example's text ends after so many bytes.
    public var textByteLimit: Int

    public init(name: String, prompt: [UInt8], contextLength: Int, textByteLimit: Int) {
      self.name = name
      self.prompt = prompt
      self.contextLength = contextLength
      self.textByteLimit = textByteLimit
    }
  }

  /// - Parameters:
  ///   - model: an image that says its shape.
  ///   - firmwareFolder: the project's `firmware`.
  /// - Throws: `HintedError` for a name that C cannot take, or where the project's sources are not there.
  public init(model: [UInt8], settings: Settings, firmwareFolder: String) throws {
    let name = try LibraryName(settings.name)
    let image = try ModelImage(reading: model, name: "the model")
    let engine = LibraryEngine(of: image)
    self.name = name.text
    contextLength = settings.contextLength
    engineByteCount = EngineFootprint(of: image, byteCount: model.count)
      .engineByteCount(contextLength: contextLength)
    let folder = "\(firmwareFolder)/library"
    guard FileManager.default.fileExists(atPath: "\(folder)/files") else {
      throw HintedError(
        "no sources of libraries in \(folder)",
        hint: "run inside a checkout of Alambic, or install the program with `make install`",
        status: .unavailable)
    }
    var places = LibraryPlaces(
      name: name, settings: settings, engine: engine, model: model, shape: "\(image.shape)",
      engineByteCount: engineByteCount)
    if let head = image.head { places.tell(head.labels.map(\.name)) }
    try places.tell(engine.purpose) { try Self.text("\(folder)/\($0)") }
    let source = try Self.source(engine, model, places, firmwareFolder: firmwareFolder)
    let others = try ["\(folder)/files", "\(folder)/\(engine.purpose)/files"].flatMap { folder in
      try Self.templates(in: folder).map { path in
        (Self.path(path, name), Array(try places.fill(try Self.text("\(folder)/\(path)"), of: path).utf8))
      }
    }
    let licence = ("LICENSE", try AtomicFile.read("\(firmwareFolder)/../LICENSE"))
    files = (others + [("src/\(name.text).c", Array(source.utf8)), licence]).sorted { $0.0 < $1.0 }
  }

  /// Writes every file.
  public func write(to folder: String) throws {
    for file in files { try AtomicFile.write(file.bytes, to: "\(folder)/\(file.path)") }
  }

  // MARK: The one C file

  private static func source(
    _ engine: LibraryEngine, _ model: [UInt8], _ places: LibraryPlaces, firmwareFolder: String
  ) throws -> String {
    func part(_ file: String) throws -> String {
      try places.fill(try unit(file, of: engine, in: "\(firmwareFolder)/library").text, of: file)
    }
    let image = CUnit(
      name: "the image",
      text: """
        /* At a multiple of 4, since integer engines read it in words. */
        static const union {
          uint8_t bytes[\(model.count)];
          uint32_t alignment;
        } library_image = {{
        \(CLiterals.array(model))
        }};

        """)
    let engineFiles = try engine.sources.map { try unit($0, of: engine, in: "\(firmwareFolder)/engine") }
    let functions = try engine.functions.map {
      CUnit(name: $0.replacing("/functions", with: ""), text: try part($0), isPublic: true)
    }
    let amalgamation = try Amalgamation(engineFiles + [image] + functions) { header in
      let paths = ["engine", "engine/include"].map { "\(firmwareFolder)/\($0)/\(header)" }
      return try text(paths.first { FileManager.default.fileExists(atPath: $0) } ?? paths[0])
    }
    let begin = ["begin.c"] + (engine.preamble.map { [$0] } ?? [])
    return try begin.map(part).joined(separator: "\n") + "\n" + amalgamation.text()
  }

  private static func unit(_ file: String, of engine: LibraryEngine, in folder: String) throws -> CUnit {
    let whole = try text("\(folder)/\(file)")
    guard let end = engine.end(of: file) else { return CUnit(name: file, text: whole) }
    guard let range = whole.range(of: end) else {
      throw HintedError("\(file) has no line '\(end)' any more", status: .internalFault)
    }
    return CUnit(name: file, text: String(whole[..<range.lowerBound]))
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try AtomicFile.read(path), as: UTF8.self)
  }

  // MARK: The other files

  private static func templates(in folder: String) throws -> [String] {
    do {
      return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { isFile("\(folder)/\($0)") }
    } catch {
      throw HintedError("cannot read \(folder): \(error.localizedDescription)", status: .unavailable)
    }
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  private static func path(_ path: String, _ name: LibraryName) -> String { path.replacing("NAME", with: name.text) }
}
