extension DecodingError {
  /// Where and what, in one line, without the decoder's own words for types.
  var summary: String {
    switch self {
    case .keyNotFound(let key, let context): "'\(context.path(to: key.stringValue))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "'\(context.path())' has a value of the wrong type"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      "the body is not valid JSON, or has a number beyond all limits"
    case .dataCorrupted(let context): "'\(context.path())' has a value that cannot be read"
    @unknown default: "the body cannot be read"
    }
  }
}

extension DecodingError.Context {
  fileprivate func path(to key: String? = nil) -> String {
    let names = codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue } + [key].compactMap(\.self)
    return names.isEmpty ? "the body" : names.joined(separator: ".")
  }
}
