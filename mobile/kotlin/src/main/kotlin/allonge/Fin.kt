package allonge

/** SWIFT messages in FIN form. */
public object Fin {
    /**
     * Reads a FIN message.
     *
     * @throws FinException `message.fin_invalid`, with every fault in [AllongeException.faults].
     */
    public fun parse(bytes: ByteArray): FinRecord = json.decodeFromString(calling { allonge.raw.parseFin(bytes) })

    /**
     * Writes a FIN message: an unedited record gives back the original bytes, an edited one the canonical form.
     *
     * @throws FinException `message.fin_invalid`.
     */
    public fun format(record: FinRecord): ByteArray = calling { allonge.raw.formatFin(json.encodeToString(record)) }

    /**
     * Turns an MT700 into the terms of a letter of credit, with a report of what became of every field.
     *
     * @throws FinException `message.not_representable`, with every reason in [AllongeException.problems].
     */
    public fun letterOfCredit(record: FinRecord, options: MappingOptions = MappingOptions()): MappedCredit =
        json.decodeFromString(
            calling { allonge.raw.letterOfCreditFromFin(json.encodeToString(record), json.encodeToString(options)) },
        )
}
