package io.kscribe.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** The messages of a stream of both tracks, as Twilio numbers and times them. */
final class TwilioStream {

    private static final int FRAME_BYTES = 160;

    private TwilioStream() {}

    static List<String> of(String callSid, byte[] inbound, byte[] outbound) {
        List<String> messages = new ArrayList<>();
        messages.add("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
        messages.add(format("""
                {"event":"start","sequenceNumber":"1","start":{"accountSid":"AC0","streamSid":"MZ0","callSid":"%s",\
                "tracks":["inbound","outbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},\
                "customParameters":{"queue":"sales"}},"streamSid":"MZ0"}""", callSid));
        int number = 1;
        for (int from = 0; from < inbound.length; from += FRAME_BYTES) {
            for (String track : List.of("inbound", "outbound")) {
                byte[] audio = track.equals("inbound") ? inbound : outbound;
                messages.add(format(
                        """
                        {"event":"media","sequenceNumber":"%d","media":{"track":"%s","chunk":"%d","timestamp":"%d",\
                        "payload":"%s"},"streamSid":"MZ0"}""",
                        ++number,
                        track,
                        from / FRAME_BYTES + 1,
                        from / 8,
                        Base64.getEncoder()
                                .encodeToString(
                                        Arrays.copyOfRange(audio, from, Math.min(audio.length, from + FRAME_BYTES)))));
            }
        }
        messages.add(format("""
                {"event":"stop","sequenceNumber":"%d","streamSid":"MZ0","stop":{"accountSid":"AC0","callSid":"%s"}}""", ++number, callSid));
        return messages;
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
