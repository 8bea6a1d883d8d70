import Testing
import Workbench

@Suite("Places that are to be written")
struct UnwrittenPlacesTests {
  @Test(
    "brackets with words are counted, over line ends; links, checkboxes and lists of numbers are none",
    arguments: [
      ("", nil), ("# A datasheet\n- [x] done, see [The paper](https://example.com) and [1]", nil),
      ("Good for: [What it was\n  tried for].", (1, "[What it was tried for]")),
      ("[Who needs it.] and [The paper](a) and [When].\n[Why]", (3, "[Who needs it.]")),
    ] as [(String, (Int, String)?)])
  func found(text: String, expected: (count: Int, first: String)?) {
    let places = UnwrittenPlaces(in: text)
    #expect(places?.count == expected?.count && places?.first == expected?.first)
  }
}
