extension Recipe {
  /// A corpus's name is also its folder's: lower-case letters, digits and `-`, a letter first, at most 64.
  public static func isName(_ name: String) -> Bool {
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    return name.allSatisfy(allowed.contains) && name.first?.isLetter == true && name.count <= 64
  }

  public static let nameRule = "names have lower-case letters, digits and '-', start with a letter, and are at most 64"
}
