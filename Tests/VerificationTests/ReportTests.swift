import Basics
import Formats
import Lineage
import Networks
import Testing

@Suite("Verification report")
struct ReportTests {
  static func report(
    sample: String = "set 21", tool: String = "gcc 12", texts: VerificationReport.TextComparison? = nil
  ) throws -> VerificationReport {
    let vectors = texts == nil ? try TestVectors.small : try TestVectors.texts
    let contender = VerificationReport.Contender(
      name: "C engine, <gcc>", tools: [tool], flags: "-O2",
      firmware: .init(board: "b", flashByteCount: 1, ramByteCount: 2),
      comparedLogitCount: 1_234_567, differingLogitCount: 1, differingByteCount: 0,
      firstDifference: .init(
        quantity: .logit, promptIndex: 3, position: 12, byte: 65, expected: "3f800000", found: "3f800001"),
      texts: texts)
    return VerificationReport(
      verdict: .different,
      image: .init(id: ContentID(of: "image"), byteCount: 9, shape: .atome(.atome60K), provenance: nil),
      vectors: .init(vectors),
      reference: .init(name: "the reference", transcriptID: ContentID(of: "t"), nonFiniteLogitCount: 0),
      contenders: [contender], samples: [.init(prompt: Array(sample.utf8), generated: [0, 255, 65])])
  }

  @Test("JSON survives the round trip, and is the same each time")
  func roundTrip() throws {
    let report = try Self.report()
    let json = try report.json
    #expect(try VerificationReport(reading: Array(json.utf8), name: "r") == report)
    #expect(try Self.report().json == json)
    #expect(json.hasPrefix("{\n") && json.hasSuffix("}\n"))
  }

  /// Nothing of texts stands in a report without them, so that it is what it was before there were any.
  @Test("texts survive in JSON, stand on the page, and are absent where there are none")
  func texts() throws {
    var texts = VerificationReport.TextComparison()
    (texts.comparedTokenCount, texts.differingTokenCount) = (7654, 321)
    texts.firstDifference = .init(
      quantity: .bytes, textIndex: 98, position: 76, token: 131, expected: "61626162", found: "61626163")
    let report = try Self.report(texts: texts)
    let json = try report.json
    #expect(try VerificationReport(reading: Array(json.utf8), name: "r") == report)
    #expect(report.texts == texts && report.encodedByteCount == 9)
    let html = ReportPage(report).html
    for text in ["7,654", "321", "<td>98</td>", "bytes of token 131", "61626163", "2, of 9 bytes"] {
      #expect(html.contains(text), "\(text)")
    }
    let without = try Self.report()
    let plain = try without.json
    #expect(without.texts == nil && !plain.contains("\"text"))
    #expect(!ReportPage(without).html.contains("okens"))
  }

  @Test("another schema is refused")
  func otherSchema() throws {
    let json = try Self.report().json.replacing("alambic.verify/1", with: "alambic.verify/2")
    #expect(throws: HintedError.self) { try VerificationReport(reading: Array(json.utf8), name: "r") }
    #expect(throws: HintedError.self) { try VerificationReport(reading: Array("{}".utf8), name: "r") }
  }

  @Test("the page shows figures and the first difference, and fetches nothing")
  func page() throws {
    let html = ReportPage(try Self.report()).html
    for text in ["1,234,567", "3f800001", "Bits differ", "C engine, &lt;gcc&gt;", ContentID(of: "image").description] {
      #expect(html.contains(text), "\(text)")
    }
    for text in ["http:", "https:", "<script", "src=", "url("] { #expect(!html.contains(text), "\(text)") }
  }

  @Test("text from outside cannot become markup or disturb the page")
  func escaping() throws {
    let html = ReportPage(
      try Self.report(sample: "<b onload='x'>&\u{202E}\n", tool: "</style><img>")
    ).html
    #expect(html.contains("&lt;b onload=&#39;x&#39;&gt;&amp;\\u{202e}<br>"))
    #expect(html.contains("&lt;/style&gt;&lt;img&gt;"))
    #expect(!html.contains("<b onload") && !html.contains("<img") && !html.contains("\u{202E}"))
  }
}
