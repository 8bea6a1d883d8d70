import Formats
import Kernels
import Networks
import Testing
import Training

@Suite("Rows of tokens that training never meets")
struct SharedRowTests {
  private static let shape = CompactShape(
    modelWidth: 13, layerCount: 1, stateWidth: 6, gateCount: 3, hiddenWidth: 9)

  /// The widths of rows and the ends of pieces put tokens at every place of a vector register.
  @Test("They start equal and stay so to the last bit", arguments: InstructionSet.available)
  func stayEqual(instructionSet: InstructionSet) throws {
    let data = try TrainingFixture.data()
    let trainer = try Trainer(
      shape: Self.shape, settings: TrainingFixture.settings, data: data, threadCount: 2,
      instructionSet: instructionSet)
    try trainer.run()
    let parameters = trainer.checkpoint().parameters
    let table = CompactLayout(Self.shape).table
    func row(_ token: UInt8) -> [Float] {
      let start = table.offset + Int(token) * table.columnCount
      return Array(parameters[start..<start + table.columnCount])
    }
    let met = Set(data.train)
    let absent = (UInt8.min...UInt8.max).filter { !met.contains($0) }
    #expect(absent.count > 200)
    #expect(Set(absent.map(row)).count == 1)
    #expect(Set(met.map(row)).count == met.count)
  }
}
