import ArgumentParser
import Conversation

/// How the lines of a dialogue are marked.
struct DialogueOptions: ParsableArguments {
  private static let usual = DialogueMarks()

  @Option(help: ArgumentHelp("What stands before a user's line.", valueName: "text"))
  var requestMark = usual.request
  @Option(help: ArgumentHelp("What stands before a reply.", valueName: "text"))
  var replyMark = usual.reply

  var marks: DialogueMarks { DialogueMarks(request: requestMark, reply: replyMark) }
}
