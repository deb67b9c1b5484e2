import Foundation

/// The instruments of a folder, one file each, in order of their names.
///
/// - Throws: `MeasureFault` that names the file: no JSON of this shape, an id that is not the file's name, a line across a
///   subscale that is not there.
public func instruments(in folder: URL) throws -> [Instrument] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "json" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
        .map { file in
            let name = file.deletingPathExtension().lastPathComponent
            let found: Instrument
            do {
                found = try JSONDecoder().decode(Instrument.self, from: Data(contentsOf: file))
            } catch { throw MeasureFault(description: "\(file.lastPathComponent): \(error)") }
            let faults = found.faults + (found.id == name ? [] : ["its id is \(found.id)"])
            guard faults.isEmpty else { throw MeasureFault(description: "\(file.lastPathComponent): \(faults.joined(separator: "; "))") }
            return found
        }
}

public struct MeasureFault: Error, CustomStringConvertible {
    public let description: String
}
