package io.kscribe.audio;

import com.jcraft.jogg.Packet;
import com.jcraft.jogg.Page;
import com.jcraft.jogg.StreamState;
import com.jcraft.jogg.SyncState;
import com.jcraft.jorbis.Block;
import com.jcraft.jorbis.Comment;
import com.jcraft.jorbis.DspState;
import com.jcraft.jorbis.Info;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * Decodes Ogg Vorbis (RFC 3533, Vorbis I specification) with JOrbis.
 *
 * <p>Not through its Java Sound adapter (vorbisspi), which rounds to 16 bits, passes over damage and cuts in silence, and
 * gave no samples at all of a recording of one second.
 */
final class VorbisSource implements AudioSource {
    private static final int READ_BYTES = 4096;
    private static final int HEADER_PACKETS = 3;

    private final InputStream in;
    private final String name;
    private final SyncState sync = new SyncState();
    private final StreamState stream = new StreamState();
    private final Page page = new Page();
    private final Packet packet = new Packet();
    private final Info info = new Info();
    private final DspState synthesis = new DspState();
    private final Block block = new Block(synthesis);
    private long framesDecoded;
    private long framesRead;
    private long firstGranule;
    private boolean firstAudioPage = true;
    private boolean pageOpen;
    private boolean lastPage;

    private VorbisSource(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** The stream is at its first page. */
    static VorbisSource open(InputStream in, String name) throws IOException {
        VorbisSource source = new VorbisSource(in, name);
        source.readHeaders();
        return source;
    }

    private void readHeaders() throws IOException {
        sync.init();
        info.init();
        Comment comment = new Comment();
        comment.init();
        boolean started = false;
        for (int headers = 0; headers < HEADER_PACKETS; ) {
            if (!readPage()) {
                throw cutShort();
            }
            if (!started) {
                stream.init(page.serialno());
                started = true;
            }
            openPage();
            while (headers < HEADER_PACKETS && nextPacket()) {
                if (info.synthesis_headerin(comment, packet) < 0) {
                    throw new AudioFileException(name, "has a damaged Vorbis header");
                }
                headers++;
            }
        }
        if (info.channels < 1 || info.rate < 1) {
            throw new AudioFileException(
                    name,
                    "says it has " + info.channels + " channels of " + info.rate
                            + " samples a second; expected at least 1 of each");
        }
        synthesis.synthesis_init(info);
        block.init(synthesis);
    }

    @Override
    public int sampleRateHz() {
        return info.rate;
    }

    @Override
    public int channels() {
        return info.channels;
    }

    /** Ogg does not say before its last page. */
    @Override
    public OptionalLong frames() {
        return OptionalLong.empty();
    }

    @Override
    public float[][] next() throws IOException {
        while (true) {
            while (pageOpen && nextPacket()) {
                float[][] samples = decodePacket();
                if (samples[0].length > 0) {
                    return samples;
                }
            }
            if (lastPage) {
                if (readPage()) {
                    throw new AudioFileException(name, "holds several Ogg streams in a row; expected one");
                }
                return new float[channels()][0];
            }
            if (!readPage()) {
                throw cutShort();
            }
            openPage();
        }
    }

    private float[][] decodePacket() throws AudioFileException {
        if (block.synthesis(packet) != 0) {
            throw new AudioFileException(name, "is damaged Vorbis after frame " + framesRead);
        }
        synthesis.synthesis_blockin(block);
        float[][][] pcm = new float[1][][];
        int[] offsets = new int[channels()];
        int decoded = synthesis.synthesis_pcmout(pcm, offsets);
        if (decoded == 0) {
            return new float[channels()][0];
        }
        framesDecoded += decoded;
        // The last page's granule position is the frame after the last; its last block may run over.
        long end = lastPage ? page.granulepos() - firstGranule : Long.MAX_VALUE;
        int kept = (int) Math.max(0, Math.min(decoded, end - framesRead));
        float[][] samples = new float[channels()][kept];
        for (int channel = 0; channel < samples.length; channel++) {
            System.arraycopy(pcm[0][channel], offsets[channel], samples[channel], 0, kept);
        }
        synthesis.synthesis_read(decoded);
        framesRead += kept;
        return samples;
    }

    private void openPage() throws AudioFileException {
        if (stream.pagein(page) != 0) {
            throw new AudioFileException(name, "holds several Ogg streams at once; expected one");
        }
        pageOpen = true;
        lastPage = page.eos() != 0;
    }

    /** Whether the open page had another whole packet; if not, it is closed. */
    private boolean nextPacket() throws AudioFileException {
        int result = stream.packetout(packet);
        if (result < 0) {
            throw new AudioFileException(name, "lacks an Ogg page after frame " + framesRead);
        }
        if (result == 0) {
            pageOpen = false;
            if (firstAudioPage && framesDecoded > 0 && !lastPage) {
                // A recording cut out of a longer one counts from the longer one's start.
                firstGranule = page.granulepos() - framesDecoded;
                firstAudioPage = false;
            }
        }
        return result > 0;
    }

    /** Whether there was another page. */
    private boolean readPage() throws IOException {
        while (true) {
            int result = sync.pageout(page);
            if (result > 0) {
                return true;
            }
            if (result < 0) {
                throw new AudioFileException(name, "is damaged Ogg after frame " + framesRead);
            }
            int offset = sync.buffer(READ_BYTES);
            int length = in.read(sync.data, offset, READ_BYTES);
            if (length < 0) {
                return false;
            }
            sync.wrote(length);
        }
    }

    private AudioFileException cutShort() {
        return new AudioFileException(
                name, "is cut short: the Ogg page that closes the stream is missing after frame " + framesRead);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
