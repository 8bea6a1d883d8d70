import ArgumentParser
import Basics
import Console
import Conversation
import Foundation
import Serving
import Workbench

/// `alambic serve`: a student behind OpenAI's API.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve a model by the OpenAI-compatible API, until interrupted.",
    discussion: """
      Serves an image, a checkpoint, a plain GPT or, with --tokenizer, a llama2.c model:
      /v1/chat/completions, /v1/completions, /v1/models, streamed or not, with log probabilities.
      Without a seed, two answers differ; temperature 0 is greedy.

      Text completions continue the prompt as it stands. A chat becomes lines: each message behind
      the mark of who says it, and the mark of a reply at the end; the answer is the rest of that
      line. With --chat text, the messages are put together with blank lines and continued.

      EXAMPLES
        alambic serve .alambic/images/thermostat.atome --port 8080
        alambic serve gpt.checkpoint --chat text --model stories
        alambic serve stories260K.bin --tokenizer tok512.bin
        KEY=secret alambic serve model.atome --host 0.0.0.0 --api-key-environment KEY
      """.paragraphs)

  /// How a chat is read.
  enum Chat: String, CaseIterable, ExpressibleByArgument { case dialogue, text }

  @OptionGroup var image: ImageOptions
  @Option(help: ArgumentHelp("The tokens of a llama2.c model.", valueName: "file"))
  var tokenizer: String?
  @Option(help: ArgumentHelp("The name that requests have to give (default: the file's).", valueName: "name"))
  var model: String?
  @Option(help: "How a chat's messages are read (default: dialogue; text for a llama2.c model).")
  var chat: Chat?
  @OptionGroup var marks: DialogueOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var common: CommonOptions

  func run() async throws {
    let settings = try server.settings()
    let speaker = try image.loadSpeaker(tokenizer: tokenizer)
    let name = model ?? URL(fileURLWithPath: image.file).deletingPathExtension().lastPathComponent
    try await ModelServer(StudentRespondent(speaker, framing: framing), model: name, settings: settings)
      .run { server.announce($0) }
  }

  private var framing: ChatFraming {
    switch chat ?? (tokenizer == nil ? .dialogue : .text) {
    case .dialogue: .dialogue(marks.marks)
    case .text: .text
    }
  }
}
