/// What a server does with a teacher's profile, found out by a few cheap requests.
public struct TeacherReport: Codable, Sendable {
  public struct Field: Codable, Sendable {
    /// The member of the body, as the dialect calls it.
    public var name: String
    public var isAccepted: Bool
    /// The name by which the server takes it, where that is another.
    public var acceptedAs: String?
    /// The server's words where it does not.
    public var detail: String?

    public init(name: String, isAccepted: Bool, acceptedAs: String? = nil, detail: String? = nil) {
      self.name = name
      self.isAccepted = isAccepted
      self.acceptedAs = acceptedAs
      self.detail = detail
    }
  }

  /// The models that the server lists; nil where it lists none.
  public var models: [String]?
  /// In tokens, where the list says so.
  public var contextLength: Int?
  /// Whether the profile works as it is.
  public var isAccepted = false
  /// Sampling fields that the profile sends.
  public var fields: [Field] = []
  /// The model that answered, as the server names it.
  public var answeringModel = ""
  public var answer = ""
  /// Whether the server counts tokens; without that, costs are estimates.
  public var countsTokens = false
  /// Whether thought came beside the answer.
  public var thinks = false
  /// Whether equal seeds gave equal answers and another seed another; nil where no seed is sent.
  public var honoursSeed: Bool?
  /// Whether answers come with log-probabilities; nil where the dialect has none.
  public var givesLogProbabilities: Bool?
  public var requestCount = 0
  /// In US dollars, by the profile's prices.
  public var cost = 0.0

  public init() {}

  /// Lines for the profile that make it work; none where it does.
  public var mends: [String] {
    let refused = fields.filter { !$0.isAccepted }
    let omitted = refused.filter { $0.acceptedAs == nil }.map(\.name)
    let renamed = refused.compactMap { field in field.acceptedAs.map { "\(field.name): \($0)" } }
    return (omitted.isEmpty ? [] : ["omit: [\(omitted.joined(separator: ", "))]"])
      + (renamed.isEmpty ? [] : ["rename: {\(renamed.joined(separator: ", "))}"])
  }
}
