import XCTest

@testable import Allonge

/// Light clients: headers by their certificates alone.
final class LightClientTests: XCTestCase {
    func testHeadersAreFollowedOverThreeChangesOfTheValidators() throws {
        let vector = try Repository.vectors("light.json")
        let genesis = try JSONSerialization.data(withJSONObject: try XCTUnwrap(vector["genesis"]))
        let trust = try Trust(json: String(decoding: genesis, as: UTF8.self))
        let headers = try bytes(try XCTUnwrap(vector["headers"] as? String))
        let expected = try XCTUnwrap(vector["checkpoint"] as? [String: Any])

        let light = try LightClient(trust: trust)
        XCTAssertEqual(try light.checkpoint().height, 0)
        XCTAssertEqual(try light.follow(headers).header, expected["header"] as? String)
        XCTAssertEqual(light.toBytes(), try bytes(try XCTUnwrap(vector["kept"] as? String)))
        let again = try LightClient(bytes: light.toBytes(), trust: trust)
        XCTAssertEqual(try again.checkpoint(), try light.checkpoint())

        var wrong = headers
        wrong[300] ^= 1
        let other = try LightClient(trust: trust)
        XCTAssertThrowsError(try other.follow(wrong))
        XCTAssertEqual(try other.checkpoint().height, 0)
    }

    private func bytes(_ hex: String) throws -> Data {
        var data = Data()
        var rest = Substring(hex)
        while !rest.isEmpty {
            data.append(try XCTUnwrap(UInt8(rest.prefix(2), radix: 16)))
            rest = rest.dropFirst(2)
        }
        return data
    }
}
