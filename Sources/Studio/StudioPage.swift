/// The files of the page, which stand in `Page/` and are part of the program, and the headers that every response has.
enum StudioPage {
  struct File {
    var type: String
    var bytes: [UInt8]
  }

  /// Nil where nothing is.
  static func file(at path: String) -> File? {
    let script = "text/javascript; charset=utf-8"
    switch path {
    case "/health": return File(type: "application/json", bytes: Array("{\"status\":\"ok\"}".utf8))
    case "/": return File(type: "text/html; charset=utf-8", bytes: PackageResources.index_html)
    case "/studio.css": return File(type: "text/css; charset=utf-8", bytes: PackageResources.studio_css)
    case "/studio.js": return File(type: script, bytes: PackageResources.studio_js)
    case "/page.js": return File(type: script, bytes: PackageResources.page_js)
    case "/review.js": return File(type: script, bytes: PackageResources.review_js)
    case "/diversity.js": return File(type: script, bytes: PackageResources.diversity_js)
    case "/evaluation.js": return File(type: script, bytes: PackageResources.evaluation_js)
    case "/runs.js": return File(type: script, bytes: PackageResources.runs_js)
    case "/talk.js": return File(type: script, bytes: PackageResources.talk_js)
    default: return nil
    }
  }

  /// Nothing from elsewhere is loaded, nothing stands in the page that is run, and no other page may hold it.
  static let headers: [(name: String, value: String)] = [
    (
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
  ]
}
