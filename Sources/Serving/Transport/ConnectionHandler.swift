import NIOCore
import NIOHTTP1

/// One connection: gathers a request, hands it to whoever answers, sends the answer, and keeps the clock.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let limits: ServerLimits
  private let table: ConnectionTable
  private let requestGuard: RequestGuard
  private let respond: @Sendable (ServedRequest) async -> ServedResponse
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []
  private var deadline: Scheduled<Void>?
  private var answering: Task<Void, Never>?

  init(
    limits: ServerLimits, table: ConnectionTable, requestGuard: RequestGuard,
    respond: @escaping @Sendable (ServedRequest) async -> ServedResponse
  ) {
    self.limits = limits
    self.table = table
    self.requestGuard = requestGuard
    self.respond = respond
  }

  // MARK: - The clock

  func handlerAdded(context: ChannelHandlerContext) {
    let loop = context.eventLoop
    requestGuard.onFirstByte = { [unowned self] in expect(within: limits.headSeconds, loop, "the headers") }
    expect(within: limits.headSeconds, loop, "the headers")
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    requestGuard.onFirstByte = {}
    deadline?.cancel()
  }

  private func expect(within seconds: Double, _ loop: any EventLoop, _ what: String) {
    deadline?.cancel()
    deadline = loop.assumeIsolated().scheduleTask(in: .seconds(seconds)) { [weak self] in
      self?.requestGuard.refuse(.tooSlow(what, seconds: seconds))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    answering?.cancel()
    table.remove(context.channel)
    context.fireChannelInactive()
  }

  // MARK: - The request

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !requestGuard.hasRefused else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let bytes):
      body += bytes.readableBytesView
      if body.count > limits.bodyBytes { requestGuard.refuse(.tooLarge(limit: limits.bodyBytes)) }
    case .end: end(context)
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    requestGuard.headEnded()
    self.head = head
    body = []
    if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > limits.bodyBytes {
      return requestGuard.refuse(.tooLarge(limit: limits.bodyBytes))
    }
    if head.headers.first(name: "Expect")?.lowercased() == "100-continue" {
      context.writeAndFlush(
        wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
    }
    expect(within: limits.bodySeconds, context.eventLoop, "the body")
  }

  private func end(_ context: ChannelHandlerContext) {
    guard let head else { return }
    deadline?.cancel()
    let request = ServedRequest(
      method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: body)
    (self.head, body) = (nil, [])
    let sender = ResponseSender(
      channel: context.channel, table: table, limits: limits, version: head.version, isHead: head.method == .HEAD,
      // To HTTP/1.0 a stream has no other end than the connection's.
      keepsAlive: head.isKeepAlive && head.version == .http1_1)
    let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
    let (channel, respond) = (context.channel, respond)
    table.mark(channel, .server)
    answering = Task {
      let isOpen = await sender.send(await respond(request))
      guard isOpen else { return channel.close(promise: nil) }
      channel.eventLoop.execute { handler.value.answered(channel) }
    }
  }

  private func answered(_ channel: any Channel) {
    answering = nil
    requestGuard.requestEnded()
    table.mark(channel, .client)
    // A pipelined request may have come already; its body's clock runs then.
    if head == nil { expect(within: limits.idleSeconds, channel.eventLoop, "another request") }
  }

  // MARK: - What goes wrong

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard answering == nil, let error = error as? HTTPParserError else { return context.close(promise: nil) }
    requestGuard.refuse(
      error == .headerOverflow ? .headTooLarge(limit: limits.headBytes) : .malformed("this is not an HTTP/1.1 request"))
  }
}
