import Basics
import Foundation
import HTTPTransport
import Synchronization
import TestSupport
import Testing

@Suite("Downloads")
struct DownloadTests {
  private let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
  private let patient = RetryPolicy(maximumAttemptCount: 5, firstDelaySeconds: 0.01, maximumDelaySeconds: 0.02)
  private let client: HTTPClient

  init() throws { client = try HTTPClient() }

  private var id: ContentID { ContentID(of: bytes) }

  /// A server that honours `Range` and breaks every answer off after `limit` bytes.
  private func rangedReply(_ request: LoopbackServer.Request, limit: Int? = nil) -> LoopbackServer.Reply {
    guard let range = request.headers["range"], let start = Int(range.dropFirst("bytes=".count).dropLast()) else {
      return LoopbackServer.Reply(body: bytes, sentByteCount: limit)
    }
    guard start < bytes.count else { return LoopbackServer.Reply(416) }
    return LoopbackServer.Reply(
      206, headers: ["Content-Range": "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"],
      body: Array(bytes[start...]), sentByteCount: limit)
  }

  @Test("a file arrives whole, with progress, and is not asked for twice")
  func whole() async throws {
    try await withTemporaryFolder { folder in
      try await withLoopbackServer {
        rangedReply($0)
      } _: { server in
        let last = Mutex(DownloadProgress?.none)
        let path = "\(folder)/sub/file"
        for _ in 0..<2 {
          try await client.download(url: server.url, to: path, expectedSHA256: id) { now in
            last.withLock { $0 = now }
          }
        }
        #expect(try AtomicFile.read(path) == bytes)
        #expect(server.requests.count == 1)
        #expect(last.withLock { $0 } == DownloadProgress(receivedByteCount: bytes.count, totalByteCount: bytes.count))
        #expect(!FileManager.default.fileExists(atPath: path + ".partial"))
      }
    }
  }

  @Test("a dropped download goes on where it stopped")
  func resume() async throws {
    try await withTemporaryFolder { folder in
      try await withLoopbackServer {
        rangedReply($0, limit: 60_000)
      } _: { server in
        try await client.download(url: server.url, to: "\(folder)/file", expectedSHA256: id, retryPolicy: patient)
        #expect(try AtomicFile.read("\(folder)/file") == bytes)
        #expect(
          server.requests.map { $0.headers["range"] }
            == [nil, "bytes=60000-", "bytes=120000-", "bytes=180000-"])
      }
    }
  }

  @Test("a partial file of an earlier run is used")
  func earlierRun() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(bytes[..<150_000], to: "\(folder)/file.partial")
      try await withLoopbackServer {
        rangedReply($0)
      } _: { server in
        try await client.download(url: server.url, to: "\(folder)/file", expectedSHA256: id)
        #expect(try AtomicFile.read("\(folder)/file") == bytes)
        #expect(server.requests.map { $0.headers["range"] } == ["bytes=150000-"])
      }
    }
  }

  @Test("a partial file that is complete only needs its hash checked")
  func completePartial() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(bytes, to: "\(folder)/file.partial")
      try await withLoopbackServer {
        rangedReply($0)
      } _: { server in
        try await client.download(url: server.url, to: "\(folder)/file", expectedSHA256: id)
        #expect(try AtomicFile.read("\(folder)/file") == bytes)
      }
    }
  }

  @Test("a server without ranges starts over")
  func noRanges() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write(bytes[..<1000], to: "\(folder)/file.partial")
      try await withLoopbackServer { _ in
        LoopbackServer.Reply(body: bytes)
      } _: { server in
        try await client.download(url: server.url, to: "\(folder)/file", expectedSHA256: id)
        #expect(try AtomicFile.read("\(folder)/file") == bytes)
      }
    }
  }

  @Test("a partial file of another version is dropped, once")
  func wrongBeginning() async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write([UInt8](repeating: 9, count: 5000), to: "\(folder)/file.partial")
      try await withLoopbackServer {
        rangedReply($0)
      } _: { server in
        try await client.download(url: server.url, to: "\(folder)/file", expectedSHA256: id)
        #expect(try AtomicFile.read("\(folder)/file") == bytes)
        #expect(server.requests.count == 2)
      }
    }
  }

  @Test("a file with another hash is refused and leaves nothing behind")
  func mismatch() async throws {
    try await withTemporaryFolder { folder in
      try await withLoopbackServer { _ in
        LoopbackServer.Reply(body: [1, 2, 3])
      } _: { server in
        await #expect {
          try await client.download(url: server.url, to: "\(folder)/file", expectedSHA256: id)
        } throws: { "\($0)".contains(ContentID(of: [UInt8]([1, 2, 3])).description) }
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(leftovers.isEmpty)
        #expect(server.requests.count == 1)
      }
    }
  }

  @Test("an error page is not a file; a missing page is not tried again, a busy server is")
  func errorPages() async throws {
    try await withTemporaryFolder { folder in
      try await withLoopbackServer { request in
        if request.path == "/missing" { return LoopbackServer.Reply(404, body: Array("not here".utf8)) }
        return request.number == 2 ? LoopbackServer.Reply(503, headers: ["Retry-After": "0"]) : rangedReply(request)
      } _: { server in
        await #expect(throws: HintedError.self) {
          try await client.download(url: server.url + "/missing", to: "\(folder)/file", expectedSHA256: id)
        }
        #expect(server.requests.count == 1)
        try await client.download(url: server.url + "/x", to: "\(folder)/file", expectedSHA256: id)
        #expect(try AtomicFile.read("\(folder)/file") == bytes)
        #expect(server.requests.count == 3)
      }
    }
  }

  @Test("without a hash, the server's tag guards a resumed download against another version")
  func unknownHash() async throws {
    let newer = bytes.map { $0 ^ 1 }
    try await withTemporaryFolder { folder in
      try await withLoopbackServer { request in
        if request.number == 1 {
          return LoopbackServer.Reply(headers: ["ETag": "\"one\""], body: bytes, sentByteCount: 60_000)
        }
        return LoopbackServer.Reply(headers: ["ETag": "\"two\""], body: newer)
      } _: { server in
        let path = "\(folder)/changed"
        try await client.download(url: server.url + "/changed", to: path, expectedSHA256: nil, retryPolicy: patient)
        #expect(try AtomicFile.read(path) == newer)
        #expect(server.requests.map { $0.headers["range"] } == [nil, "bytes=60000-"])
      }
      try await withLoopbackServer { request in
        guard request.number > 1 else {
          return LoopbackServer.Reply(headers: ["ETag": "\"one\""], body: bytes, sentByteCount: 60_000)
        }
        return rangedReply(request)
      } _: { server in
        let path = "\(folder)/same"
        try await client.download(url: server.url, to: path, expectedSHA256: nil, retryPolicy: patient)
        #expect(try AtomicFile.read(path) == bytes)
        #expect(server.requests.map { $0.headers["if-range"] } == [nil, "\"one\""])
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(names == ["changed", "same"])
    }
  }

  @Test("without a hash and a strong tag, every attempt starts over", arguments: [nil, "W/\"weak\"", "\"a\nb\""])
  func noGuard(tag: String?) async throws {
    try await withTemporaryFolder { folder in
      try AtomicFile.write([9, 9, 9], to: "\(folder)/file.partial")
      if let tag { try AtomicFile.write(tag, to: "\(folder)/file.partial.etag") }
      try await withLoopbackServer {
        rangedReply($0)
      } _: { server in
        try await client.download(url: server.url, to: "\(folder)/file", expectedSHA256: nil)
        #expect(try AtomicFile.read("\(folder)/file") == bytes)
        #expect(server.requests.map { $0.headers["range"] } == [nil])
      }
    }
  }
}
