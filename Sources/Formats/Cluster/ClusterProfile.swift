import Basics

/// How jobs are submitted to a cluster that runs Slurm: `clusters/<name>.yaml`, specified in docs/formats/parts.md.
public struct ClusterProfile: Hashable, Sendable {
  public static let schema = "alambic.cluster/1"

  public var name: String
  public var partition: String?
  public var account: String?
  public var qos: String?
  /// As Slurm takes it: `00:30:00`.
  public var time: String?
  /// As Slurm takes it: `2G`.
  public var memory: String?
  public var cpus: Int?
  /// Loaded by `module load` before the program starts.
  public var modules: [String]
  /// Lines of shell before the program starts.
  public var setup: [String]
  /// Further options of `sbatch`.
  public var options: [String]
  /// The program on the cluster's nodes; the one that submits when nil.
  public var program: String?
  /// The cluster's `MaxArraySize`: one more than the largest index of an array.
  public var maxArraySize: Int

  public static let usualMaxArraySize = 1001

  /// - Throws: `HintedError` with file, key and line, for anything that is missing, unknown, mistyped or out of range.
  public init(reading path: String) throws {
    try self.init(parsing: YAMLText.read(path), name: path)
  }

  /// - Parameter name: the file's path, for messages.
  public init(parsing text: String, name: String) throws {
    var top = try YAMLText.mapping(text, name: name)
    try top.checkSchema(Self.schema)
    self.name = try top.name()
    partition = try top.optional("partition")?.word()
    account = try top.optional("account")?.word()
    qos = try top.optional("qos")?.word()
    time = try top.optional("time")?.word()
    memory = try top.optional("memory")?.word()
    cpus = try top.optional("cpus")?.integer(in: 1...4096)
    modules = try top.optional("modules")?.items().map { try $0.word() } ?? []
    setup = try top.optional("setup")?.items().map { try $0.line() } ?? []
    options = try top.optional("options")?.items().map { try $0.sbatchOption() } ?? []
    program = try top.optional("program")?.line()
    maxArraySize = try top.optional("maxArraySize")?.integer(in: 2...4_000_001) ?? Self.usualMaxArraySize
    try top.finish()
  }
}

extension YAMLValue {
  /// What stands in a line of `sbatch` options without quotes.
  fileprivate func word() throws -> String {
    let text = try text()
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || "0123456789".unicodeScalars.contains($0)
          || "._:/+@,-".unicodeScalars.contains($0))
    }
    guard isPlain, !text.hasPrefix("-") else {
      throw place.error("holds more than letters, digits and ._:/+@,-")
    }
    return text
  }

  fileprivate func line() throws -> String {
    let text = try text()
    guard !text.contains(where: \.isNewline) else { throw place.error("is more than one line") }
    return text
  }

  fileprivate func sbatchOption() throws -> String {
    let text = try line()
    guard text.hasPrefix("-") else {
      throw place.error("is not an option of sbatch", hint: "write it as `--constraint=avx512`")
    }
    let taken = ["--array", "-a", "--output", "-o", "--error", "-e", "--dependency", "-d", "--parsable", "--wrap"]
    let key = text.prefix { $0 != "=" && $0 != " " }
    guard !taken.contains(String(key)) else { throw place.error("sets \(key), which `alambic slurm` sets") }
    return text
  }
}
