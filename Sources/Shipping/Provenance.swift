import Basics
import Formats
import Lineage

/// `provenance.json` of a bundle: an in-toto statement with a SLSA provenance predicate, from the receipts. It says for
/// programs that know nothing of Alambic what the image was made of, and how. Specified in docs/formats/bundle.md.
public struct Provenance: Hashable, Codable, Sendable {
  public static let fileName = "provenance.json"
  public static let statementType = "https://in-toto.io/Statement/v1"
  public static let currentPredicateType = "https://slsa.dev/provenance/v1"
  /// What the parameters mean: docs/formats/bundle.md.
  public static let buildType = "urn:alambic:make:1"
  /// Whoever ran the program: nobody else vouches for it.
  public static let builder = "urn:alambic:builder:own-machine"

  public var type = statementType
  public var subject: [Resource]
  public var predicateType = currentPredicateType
  public var predicate: Predicate

  enum CodingKeys: String, CodingKey {
    case type = "_type"
    case subject, predicateType, predicate
  }

  /// in-toto's ResourceDescriptor.
  public struct Resource: Hashable, Codable, Sendable {
    public var name: String
    public var uri: String?
    public var digest: [String: String]?
    public var annotations: [String: String]?

    init(_ name: String, _ id: ContentID? = nil, uri: String? = nil, annotations: [String: String]? = nil) {
      (self.name, self.uri, self.annotations) = (name, uri, annotations)
      digest = id.map { ["sha256": $0.hex] }
    }
  }

  public struct Predicate: Hashable, Codable, Sendable {
    public var buildDefinition: BuildDefinition
    public var runDetails: RunDetails
  }

  public struct BuildDefinition: Hashable, Codable, Sendable {
    public var buildType = Provenance.buildType
    public var externalParameters: ExternalParameters
    public var internalParameters: InternalParameters
    public var resolvedDependencies: [Resource]
  }

  /// What whoever ran it chose.
  public struct ExternalParameters: Hashable, Codable, Sendable {
    public var command: [String]
    public var corpus: String
    /// A path in the bundle.
    public var recipe: String
  }

  /// What followed from that and from the machine.
  public struct InternalParameters: Hashable, Codable, Sendable {
    public var steps: [Step]
    /// Compilers and emulators, by the first line of their `--version`.
    public var toolchain: [String]
  }

  public struct Step: Hashable, Codable, Sendable {
    public var stage: StageName
    public var settings: [String: String]
  }

  public struct RunDetails: Hashable, Codable, Sendable {
    public var builder: Builder
    public var byproducts: [Resource]
  }

  public struct Builder: Hashable, Codable, Sendable {
    public var id: String
    public var version: [String: String]
  }
}

extension Provenance {
  /// - Parameters:
  ///   - image: the bytes of `model.atome`.
  ///   - recipeFiles: paths relative to the recipe's folder.
  ///   - receipts: from the first answer to the report.
  public init(
    corpus: String, image: [UInt8], recipeFiles: [BundleFile], teachers: [ShippedTeacher],
    receipts: [ShippedReceipt], report: VerificationReport
  ) {
    subject = [Resource("model.atome", ContentID(of: image))]
    var tools: [String] = []
    for tool in report.contenders.flatMap(\.tools) where !tools.contains(tool) { tools.append(tool) }
    let files = recipeFiles.sorted { $0.path < $1.path }.map { Resource("recipe/\($0.path)", ContentID(of: $0.bytes)) }
    let origin = receipts.filter { $0.stage == .ask }.flatMap(\.outputs).map {
      Resource("answers", $0.id, annotations: ["kind": $0.kind.rawValue, "byteCount": String($0.byteCount)])
    }
    predicate = Predicate(
      buildDefinition: BuildDefinition(
        externalParameters: ExternalParameters(
          command: ["alambic", "make", corpus], corpus: corpus, recipe: "recipe/recipe.yaml"),
        internalParameters: InternalParameters(
          steps: receipts.map { Step(stage: $0.stage, settings: $0.settings) }, toolchain: tools),
        resolvedDependencies: files + origin + teachers.map(Resource.init)),
      runDetails: RunDetails(
        builder: Builder(id: Self.builder, version: ["alambic": AlambicVersion.current]),
        byproducts: receipts.filter { $0.stage != .ask }.flatMap(\.outputs).filter { $0.kind != .atomeImage }
          .map { Resource($0.path ?? $0.kind.rawValue, $0.id) }))
  }

  /// The file's text: sorted keys, indented.
  public var json: String {
    get throws { try CanonicalJSON.pretty(self) }
  }

  /// - Throws: `HintedError` for JSON that is no such statement.
  public init(reading bytes: [UInt8], name: String) throws {
    let statement = try CanonicalJSON.decode(Self.self, from: bytes, named: name)
    guard statement.type == Self.statementType, statement.predicateType == Self.currentPredicateType else {
      throw HintedError("\(name) is a statement of \(statement.predicateType), not of \(Self.currentPredicateType)")
    }
    self = statement
  }

  /// Whether the statement is about this file.
  public func isAbout(_ image: ContentID) -> Bool { subject.map(\.digest) == [["sha256": image.hex]] }
}

extension Provenance.Resource {
  /// A teacher is known by its address, or by the hash of what it is made of.
  fileprivate init(_ teacher: ShippedTeacher) {
    let id = ContentID(teacher.identity)
    self.init(
      "\(teacher.role) \(teacher.name)", id, uri: id == nil ? teacher.identity : nil,
      annotations: ["model": teacher.model, "outputsLicense": teacher.outputsLicense])
  }
}
