/// Who wrote, judged or rewrote the texts that a model learned from, for the model card and the provenance.
public struct ShippedTeacher: Hashable, Codable, Sendable {
  public var name: String
  /// `teacher`, `judge` or `rewriter`.
  public var role: String
  public var model: String
  /// An address, or the hash of what a teacher that Alambic serves is made of.
  public var identity: String
  /// What its profile says about the use of its answers.
  public var outputsLicense: String

  public init(name: String, role: String, model: String, identity: String, outputsLicense: String) {
    self.name = name
    self.role = role
    self.model = model
    self.identity = identity
    self.outputsLicense = outputsLicense
  }
}
