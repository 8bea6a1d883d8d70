import NIOCore

/// Stands before the parser: counts the bytes of a request, and says no in bytes of its own where the parser cannot.
///
/// Once it has said no it reads on for a while and forgets what it reads: a connection that is closed over unread bytes
/// is reset, and a client that is still sending would never see the answer.
final class RequestGuard: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let limits: ServerLimits
  /// Of the request that is being read.
  private var byteCount = 0
  private var isInHead = true
  private(set) var hasRefused = false
  private var context: ChannelHandlerContext?
  /// Told of bytes that begin a request.
  var onFirstByte: () -> Void = {}

  init(limits: ServerLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !hasRefused else { return }
    if byteCount == 0, isInHead { onFirstByte() }
    byteCount += unwrapInboundIn(data).readableBytes
    context.fireChannelRead(data)
    // Chunks of a byte each are six times as long as what they carry.
    let limit = isInHead ? limits.headBytes : limits.headBytes + 8 * limits.bodyBytes
    if byteCount > limit {
      refuse(isInHead ? .headTooLarge(limit: limits.headBytes) : .tooLarge(limit: limits.bodyBytes))
    }
  }

  func headEnded() { (isInHead, byteCount) = (false, 0) }
  func requestEnded() { (isInHead, byteCount) = (true, 0) }

  /// Says no and hangs up.
  func refuse(_ refusal: APIError) {
    guard !hasRefused, let context else { return }
    hasRefused = true
    let body = refusal.json
    let head =
      "HTTP/1.1 \(refusal.status) \(refusal.reason)\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
    var bytes = context.channel.allocator.buffer(capacity: head.utf8.count + body.count)
    bytes.writeString(head)
    bytes.writeBytes(body)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    channel.eventLoop.scheduleTask(in: .seconds(ServerLimits.lingerSeconds)) { channel.close(promise: nil) }
  }
}

extension TimeAmount {
  static func seconds(_ seconds: Double) -> TimeAmount { .nanoseconds(Int64(seconds * 1e9)) }
}
