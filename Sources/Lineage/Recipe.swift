/// How to make one student, from the first prompt to the bundle; read from `Corpora/<name>/recipe.yaml`.
///
/// A recipe has either `prompting` and a `teacher`, or a `source` to fetch. Everything else has defaults.
public struct Recipe: Hashable, Codable, Sendable {
  public static let schema = "alambic.recipe/1"

  public var name: String
  public var description: String
  /// Where all randomness of the corpus starts.
  public var seed: UInt64
  /// A profile's name: `teachers/<name>.yaml`; of several, the first.
  public var teacher: String?
  /// Several that share the prompts, by weight; nil for one.
  public var teachers: [WeightedWord]?
  public var prompting: Prompting?
  public var source: Source?
  public var curation: Curation
  /// Nil where nobody judges documents.
  public var judge: Judge?
  /// Nil where nobody says requests in other words.
  public var rewrite: Rewrite?
  public var sharding: Sharding
  public var task: Task
  public var training: Training
  public var verification: Verification
  public var shipping: Shipping

  public init(
    name: String, description: String, seed: UInt64 = 0, teacher: String? = nil, teachers: [WeightedWord]? = nil,
    prompting: Prompting? = nil,
    source: Source? = nil, curation: Curation = Curation(), sharding: Sharding = Sharding(), task: Task = Task(),
    training: Training = Training(), verification: Verification = Verification(), shipping: Shipping,
    judge: Judge? = nil, rewrite: Rewrite? = nil
  ) {
    self.name = name
    self.description = description
    self.seed = seed
    self.teacher = teacher
    self.teachers = teachers
    self.prompting = prompting
    self.source = source
    self.curation = curation
    self.judge = judge
    self.rewrite = rewrite
    self.sharding = sharding
    self.task = task
    self.training = training
    self.verification = verification
    self.shipping = shipping
  }
}
