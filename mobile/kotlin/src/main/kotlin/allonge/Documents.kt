package allonge

import java.nio.file.Path

/**
 * Hashes a file as it streams by, in constant memory, whatever its size.
 *
 * @throws FileException `file.io`.
 */
public suspend fun documentDigest(path: Path): DocumentDigest =
    json.decodeFromString(aside { allonge.raw.documentDigest(path.toString()) })
