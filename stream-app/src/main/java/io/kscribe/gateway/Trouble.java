package io.kscribe.gateway;

/**
 * Why a call cannot go on over its connection.
 *
 * @param kind what sort
 * @param sentence for a person
 */
record Trouble(Kind kind, String sentence) {

    /** What sort of trouble, with the close code that tells it to a WebSocket (RFC 6455, section 7.4, and IANA's registry). */
    enum Kind {
        /** Kafka took too little for too long. */
        KAFKA(1013),
        /** The same call has come over another connection. */
        REPLACED(4409),
        /** The gateway stops. */
        STOPPING(1012),
        /** The client did what it may not. */
        REFUSED(1008);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    int code() {
        return kind.code;
    }
}
