import Basics
import Lineage
import Networks

/// One function a section; each names the section's keys, types and limits.
extension YAMLValue {
  /// 64 hexadecimal digits, as `sha256sum` prints them.
  fileprivate func digest() throws -> ContentID {
    guard let id = ContentID(ContentID.prefix + (try text()).lowercased()) else {
      throw place.error("should be 64 hexadecimal digits", hint: "sha256sum FILE prints them")
    }
    return id
  }

  func source() throws -> Recipe.Source {
    var mapping = try mapping()
    let url = try mapping.required("url")
    guard try ["http://", "https://"].contains(where: url.text().hasPrefix) else {
      throw url.place.error("should start with http:// or https://")
    }
    let source = Recipe.Source(
      url: try url.text(), sha256: try mapping.optional("sha256")?.digest(),
      separator: try mapping.required("separator").text())
    try mapping.finish()
    return source
  }

  func sharding() throws -> Recipe.Sharding {
    var mapping = try mapping()
    let defaults = Recipe.Sharding()
    let sharding = Recipe.Sharding(
      chunkByteCount: try mapping.optional("chunkByteCount")?.integer(in: 16...65_536) ?? defaults.chunkByteCount,
      frameByteCount: try mapping.optional("frameByteCount")?.integer(in: 16...(16 << 20)) ?? defaults.frameByteCount,
      compressionLevel: try mapping.optional("compressionLevel")?.integer(in: 1...19) ?? defaults.compressionLevel)
    try mapping.finish()
    guard sharding.frameByteCount.isMultiple(of: sharding.chunkByteCount) else {
      throw place.error(
        "has frameByteCount \(sharding.frameByteCount), no multiple of chunkByteCount \(sharding.chunkByteCount)")
    }
    return sharding
  }

  func verification() throws -> Recipe.Verification {
    var mapping = try mapping()
    let defaults = Recipe.Verification()
    let verification = Recipe.Verification(
      promptCount: try mapping.optional("promptCount")?.integer(in: 1...65_536) ?? defaults.promptCount,
      byteCount: try mapping.optional("byteCount")?.integer(in: 1...65_536) ?? defaults.byteCount,
      core: try mapping.optional("core")?.choice(of: ["cortex-m3"]) ?? defaults.core)
    try mapping.finish()
    guard
      VerificationVectors.hasRoom(
        promptCount: verification.promptCount, generatedByteCount: verification.byteCount)
    else {
      throw place.error(
        "asks for \(verification.promptCount) prompts of \(verification.byteCount) bytes, more than a transcript holds",
        hint: "lower promptCount or byteCount")
    }
    return verification
  }

  func shipping() throws -> Recipe.Shipping {
    var mapping = try mapping()
    let shipping = Recipe.Shipping(
      license: try mapping.required("license").text(), language: try mapping.optional("language")?.languageCode())
    try mapping.finish()
    return shipping
  }

  private func languageCode() throws -> String {
    let code = try text()
    guard 2...3 ~= code.utf8.count, code.utf8.allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }) else {
      throw place.error("is '\(code.prefix(40))'", hint: "give a code of two or three letters, as ISO 639 has it: en")
    }
    return code
  }
}
