package io.kscribe.gateway;

/** Close codes of WebSocket's (RFC 6455, section 7.4.1) that conversations use. */
final class CloseCodes {

    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED_DATA = 1003;
    static final int INVALID_PAYLOAD = 1007;
    static final int POLICY = 1008;

    private CloseCodes() {}
}
