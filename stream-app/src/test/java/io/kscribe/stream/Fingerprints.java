package io.kscribe.stream;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionTask;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** A decoder that takes no time: its texts follow from every sample of the speech, and mean nothing. */
final class Fingerprints {
    private Fingerprints() {}

    /** A text that any other sample would change. */
    static Transcription of(RecognitionTask task) {
        CRC32C sum = new CRC32C();
        ByteBuffer number = ByteBuffer.allocate(Float.BYTES);
        for (float value : task.window().mel()) {
            sum.update(number.putFloat(0, value).array());
        }
        String text = "x" + Long.toHexString(sum.getValue());
        long millis = task.window().samples() / 16;
        return new Transcription(
                "en",
                1,
                List.of(new DecodedToken(1, -0.1f)),
                text,
                List.of(new TimedWord(text, 0, millis, 0.9f, 1, text.length())),
                List.of(),
                -0.1f,
                0,
                0,
                true);
    }
}
