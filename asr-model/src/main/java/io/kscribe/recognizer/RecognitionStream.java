package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.Task;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.Island.Hearing;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import io.kscribe.recognizer.VoiceActivityDetector.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows one channel: hears its audio, asks for decoding when it is due, and says what was said.
 *
 * <p>The detector cuts the audio into islands of speech. While an island is spoken, it is decoded every {@code partialInterval} for a
 * partial; after {@code postRoll} of silence it is decoded once more, whole and free of earlier hypotheses, and that becomes the final if
 * the silence reaches the {@code endpoint}. A final that the model is not sure of is decoded again: behind what was said just before it
 * ({@link Context}), and if it is short and still doubtful a little later in the window ({@link SilenceGuard}). So a final depends on the audio alone: not on the size of chunks, the speed of
 * decoding, or whether the stream was {@linkplain #state() saved} and continued elsewhere in between.
 *
 * <p>The caller {@linkplain #accept feeds} audio, {@linkplain #poll takes} tasks, decodes them on any thread and in any order,
 * {@linkplain #apply hands back} what came of them, and {@linkplain #takeResults takes} results. If decoding cannot keep up, the stream is
 * {@link #behind}, and the caller takes fewer partials with a stretched {@link Cadence}, leaves out those that wait, and never a final.
 * Not thread-safe: all calls on one thread or under one lock.
 */
public final class RecognitionStream {
    private static final int SAMPLES_A_MILLI = 16;
    private static final int FRAME = VoiceActivityDetector.FRAME_SAMPLES;

    /** Frames that the detector hears at once; more would make none of them cheaper. */
    private static final int MOST_FRAMES = 32;

    /** How far back from the longest allowed length a quiet moment to cut at is looked for. */
    private static final Duration CUT_SEARCH = Duration.ofSeconds(5);

    /** A detected language is kept for the channel if the island was at least this long and the model this sure. */
    public static final Duration LANGUAGE_AUDIO = Duration.ofSeconds(2);

    private static final float LANGUAGE_PROBABILITY = 0.5f;

    /** The least mean log-probability of a final that need not be heard behind what was said before. */
    private static final float SURE = -0.5f;

    /** ISO 639-2 for a language that is not known. */
    private static final String UNDETERMINED = "und";

    private final RecognizerSettings settings;

    /** The energy of a frame at the loudness floor. */
    private final double audibleEnergy;

    private final VoiceActivityDetector detector;
    private final int melBins;
    private final boolean drafts;
    private final Task task;

    /** What has not been heard yet: less than a frame. */
    private float[] pending = new float[0];

    private final RecentAudio recent;
    private final Context context;

    /** What the stream began with, and as much as has come of the audio that it needs. */
    private final StreamState start;

    private float[] history;
    private int historyFill;
    private long position;
    private long nextSegment;
    private Memory memory;
    private Optional<String> language;
    private final boolean languageGiven;

    /** What was stable when the stream was saved, of islands that it has not heard again yet. */
    private final Map<Long, StableText> stable = new HashMap<>();

    private @Nullable Island open;
    private final Deque<Island> closed = new ArrayDeque<>();

    /** How many of them {@link #takeClosed} has given. */
    private int taken;

    private @Nullable Snapshot duePartial;
    private boolean partialRunning;

    /** Tasks that were given and not handed back, the oldest first. */
    private final Set<RecognitionTask> asked = new LinkedHashSet<>();

    private final List<RecognitionResult> results = new ArrayList<>();
    private boolean ended;

    /** Where the channel ends, once it has: the last frame is filled up with silence that nobody sent. */
    private long lastMillis = Long.MAX_VALUE;

    /** An open island as it was at a step, counted from its start; its window is made when it is asked for, and never if it is not. */
    private record Snapshot(Island island, int step, int frames, int length) {}

    /**
     * Starts or continues a stream.
     *
     * @param melBins as the engine wants them
     * @param drafts whether a partial's text is a draft of its final's: only if that changes nothing, since a final must not depend on the
     *     partials before it
     */
    RecognitionStream(
            RecognizerSettings settings,
            VoiceActivityDetector detector,
            int melBins,
            boolean drafts,
            Task task,
            StreamState state) {
        this.settings = settings;
        audibleEnergy = FRAME * Math.pow(10, settings.loudnessFloorDbfs() / 10);
        this.detector = detector;
        this.melBins = melBins;
        this.drafts = drafts;
        this.task = task;
        recent = new RecentAudio(samples(settings.preRoll()));
        context = new Context(samples(settings.context()));
        position = state.position();
        start = state;
        history = new float[(int) (state.position() - state.retainFrom())];
        nextSegment = state.segment();
        memory = state.memory();
        language = state.language();
        languageGiven = state.languageGiven();
        state.stable().forEach(text -> stable.put(text.island(), text));
        if (state.continuing()) {
            open = island(state, new float[0]);
        }
    }

    /** The place in the channel of the next sample that is to be heard; at first the {@code retainFrom} of the state. */
    public long nextSample() {
        return position - (history.length - historyFill) + pending.length;
    }

    /**
     * Hears the next samples of the channel.
     *
     * @param first the place of the first of them in the channel: {@link #nextSample}
     * @param samples mono at 16 kHz, full scale at -1 and 1
     * @throws IllegalArgumentException if they are not the next
     * @throws IllegalStateException if the channel has ended
     */
    public void accept(long first, float[] samples) {
        float[] unheard = unheard(first, samples);
        for (int from = 0; from < unheard.length; from += MOST_FRAMES * FRAME) {
            float[] next = Arrays.copyOfRange(unheard, from, Math.min(unheard.length, from + MOST_FRAMES * FRAME));
            hear(next, detector.hear(memory, next));
        }
    }

    /**
     * Takes the next samples, as {@link #accept} does, and gives what is to be heard with them: whole frames, whose verdicts {@link #hear}
     * wants.
     */
    float[] unheard(long first, float[] samples) {
        if (ended) {
            throw new IllegalStateException("the stream has ended");
        }
        if (first != nextSample()) {
            throw new IllegalArgumentException(
                    "the stream is to hear sample " + nextSample() + " next, not sample " + first);
        }
        int from = Math.min(history.length - historyFill, samples.length);
        if (from > 0) {
            System.arraycopy(samples, 0, history, historyFill, from);
            historyFill += from;
            if (historyFill == history.length) {
                remember();
            }
        }
        float[] all = Arrays.copyOf(pending, pending.length + samples.length - from);
        System.arraycopy(samples, from, all, pending.length, samples.length - from);
        int whole = all.length / FRAME * FRAME;
        pending = Arrays.copyOfRange(all, whole, all.length);
        return Arrays.copyOf(all, whole);
    }

    Memory memory() {
        return memory;
    }

    /** Takes what was heard before the stream was continued. */
    private void remember() {
        for (Said said : start.said()) {
            int at = (int) (said.start() - start.retainFrom());
            context.add(said, Arrays.copyOfRange(history, at, at + said.samples()));
        }
        recent.add(history, history.length - start.preRoll(), history.length);
        history = new float[0];
        historyFill = 0;
    }

    /** Hears the end of the channel: what is open is finished at once. */
    public void end() {
        if (ended) {
            return;
        }
        lastMillis = (position + pending.length) / SAMPLES_A_MILLI;
        if (pending.length > 0) {
            float[] last = Arrays.copyOf(pending, FRAME);
            pending = new float[0];
            hear(last, detector.hear(memory, last));
        }
        ended = true;
        if (open != null) {
            close(open);
        }
    }

    /** True if the channel has ended and everything has been said. */
    public boolean finished() {
        return ended && closed.isEmpty() && results.isEmpty();
    }

    /** The islands that are over and were not taken before, in order, for one who decodes them together and {@linkplain #settle settles} them. */
    List<Island> takeClosed() {
        List<Island> islands = closed.stream().skip(taken).toList();
        taken = closed.size();
        return islands;
    }

    /** Takes the final text of an island that {@link #takeClosed} gave. */
    void settle(Island island, Transcription transcription) {
        island.settle(transcription);
        publishFinals();
    }

    /**
     * How a final is to be decoded now: with the language, unless it is to be detected.
     *
     * @param audio how long it is, in samples
     */
    DecodingRequest request(int audio) {
        Optional<String> known = detectsAnew() && audio >= samples(LANGUAGE_AUDIO) ? Optional.empty() : language;
        return DecodingRequest.transcribe(known).withTask(task).withSettings(settings.decoding());
    }

    /** Whether no final has to wait for the one before it, which may settle the language. */
    boolean knowsLanguage() {
        return language.isPresent() && !detectsAnew();
    }

    private boolean detectsAnew() {
        return settings.multilingual() && !languageGiven;
    }

    /** The next decoding that is due, finals first; empty if there is none for now. */
    public Optional<RecognitionTask> poll() {
        return poll(Cadence.EVERY_STEP);
    }

    /**
     * The next decoding that is due, finals first; empty if there is none for now. Each task that is given is to be
     * {@linkplain #apply handed back} or {@linkplain #skip skipped}.
     *
     * @param cadence which partials to ask for; a step that it leaves out is due until the next one is, should there be time for it
     *     after all
     */
    public Optional<RecognitionTask> poll(Cadence cadence) {
        RecognitionTask due = dueFinal();
        if (due == null) {
            due = duePartial(cadence);
        }
        if (due != null) {
            asked.add(due);
        }
        return Optional.ofNullable(due);
    }

    /** Whether a partial is due that waits for another of the same island, which was asked for and not handed back. */
    public boolean hasNewerPartial(Cadence cadence) {
        return partialRunning && duePartial != null && cadence.keeps(duePartial.step());
    }

    /**
     * How late decoding is: how much audio has been heard since the oldest task was given that has not been handed back; zero if there
     * is none. With live audio that is how long the task has been waiting.
     */
    public Duration behind() {
        return asked.isEmpty()
                ? Duration.ZERO
                : Duration.ofMillis((position - asked.iterator().next().askedAt()) / SAMPLES_A_MILLI);
    }

    /** Takes what came of a task that {@link #poll} gave. */
    public void apply(RecognitionTask done, Transcription transcription) {
        asked.remove(done);
        Island island = done.island();
        if (!done.isFinal()) {
            partialRunning = false;
            if (!island.finished()) {
                publishPartial(done, transcription);
            }
        } else if (island.wants(done.window())) {
            takeFinal(done, done.preface().rest(transcription));
        }
    }

    /**
     * What the model is not sure of is heard again behind what was said before, which counts unless the model doubts it then; and what it
     * doubts of a short island is heard once more. A text that does not end by itself is not tried over the full window, which costs
     * several times as much, before that.
     */
    private void takeFinal(RecognitionTask done, Transcription heard) {
        Island island = done.island();
        if (island.hearing() == Hearing.ALONE && !isSure(heard) && hasContext(island)) {
            island.redo(Hearing.TOGETHER, heard);
            return;
        }
        if (island.hearing() == Hearing.TOGETHER
                && !isTrusted(heard)
                && !island.firstHearing().complete()) {
            island.redo(Hearing.WHOLE, island.firstHearing());
            return;
        }
        Transcription own = island.hearing() == Hearing.TOGETHER && !isTrusted(heard) ? island.firstHearing() : heard;
        if (island.hearing() != Hearing.AGAIN && !beginsWithStable(island) && SilenceGuard.isDoubtful(island, own)) {
            island.redo(Hearing.AGAIN, own);
            return;
        }
        Transcription text =
                island.hearing() == Hearing.AGAIN ? SilenceGuard.judge(island, island.firstHearing(), own) : own;
        island.settle(text);
        publishFinals();
        if (!island.finished()) {
            publishPartial(done, text);
        }
    }

    /**
     * Gives a task back that was not decoded.
     *
     * @throws IllegalArgumentException if it is a final and not obsolete
     */
    public void skip(RecognitionTask task) {
        if (task.isFinal() && !task.isObsolete()) {
            throw new IllegalArgumentException("a final cannot be skipped");
        }
        asked.remove(task);
        if (!task.isFinal()) {
            partialRunning = false;
        }
    }

    /**
     * Gives up a final that cannot be decoded: if it is wanted, the segment gets one without text.
     *
     * @throws IllegalArgumentException if the task is a partial
     */
    public void giveUp(RecognitionTask task) {
        if (!task.isFinal()) {
            throw new IllegalArgumentException("only a final is given up; a partial is skipped");
        }
        asked.remove(task);
        Island island = task.island();
        if (island.wants(task.window())) {
            island.settle(unknown());
            island.fail();
            publishFinals();
        }
    }

    private Transcription unknown() {
        return new Transcription(language.orElse(UNDETERMINED), 0, List.of(), "", List.of(), List.of(), 0, 0, 0, false);
    }

    /** What has become known since the last call, in order. */
    public List<RecognitionResult> takeResults() {
        List<RecognitionResult> taken = List.copyOf(results);
        results.clear();
        return taken;
    }

    /**
     * From where the stream can be continued such that the finals to come are the same.
     *
     * @throws IllegalStateException if there are results that have not been taken: whoever continues would not say them again
     */
    public StreamState state() {
        if (!results.isEmpty()) {
            throw new IllegalStateException(results.size() + " results must be taken before the state is saved");
        }
        if (history.length > 0) {
            return start;
        }
        Island first = closed.isEmpty() ? open : closed.peek();
        StreamState state = first == null ? idleState() : first.before();
        List<Said> said = context.said(state.position());
        return new StreamState(
                state.position(),
                said.isEmpty()
                        ? state.retainFrom()
                        : Math.min(state.retainFrom(), said.get(0).start()),
                state.segment(),
                state.continuing(),
                language,
                languageGiven,
                state.memory(),
                state.preRoll(),
                said,
                stableTexts());
    }

    private StreamState idleState() {
        return state(position, recent.size(), false, memory);
    }

    private StreamState state(long at, int preRoll, boolean continuing, Memory remembered) {
        return new StreamState(
                at,
                at - preRoll,
                nextSegment,
                continuing,
                language,
                languageGiven,
                remembered,
                preRoll,
                List.of(),
                List.of());
    }

    /** What a strict stream must not forget. */
    private List<StableText> stableTexts() {
        if (!settings.strict()) {
            return List.of();
        }
        stable.keySet().removeIf(island -> island < position);
        List<StableText> texts = new ArrayList<>(stable.values());
        Stream.concat(closed.stream(), Stream.ofNullable(open))
                .map(island -> island.hypothesis().stable(island.before().position(), island.over()))
                .filter(text -> text.over() || text.audioMillis() > 0)
                .forEach(texts::add);
        return texts;
    }

    private Island island(StreamState before, float[] preRoll) {
        StableText text = settings.strict() ? stable.remove(before.position()) : null;
        return new Island(before, preRoll, melBins, text == null ? new Hypothesis() : new Hypothesis(text));
    }

    /** Hears whole frames of which the detector has judged. */
    void hear(float[] samples, List<Verdict> verdicts) {
        for (int i = 0; i < verdicts.size(); i++) {
            hear(Arrays.copyOfRange(samples, i * FRAME, (i + 1) * FRAME), verdicts.get(i));
        }
    }

    private void hear(float[] frame, Verdict verdict) {
        float speech = isAudible(frame) ? verdict.speech() : 0;
        if (open == null && speech >= settings.speechThreshold()) {
            open = island(idleState(), recent.samples());
            recent.clear();
        }
        memory = verdict.memory();
        position += FRAME;
        if (open == null) {
            recent.add(frame, 0, FRAME);
        } else {
            hear(open, frame, speech, memory);
        }
    }

    /** Whether a frame is as loud as anything must be that is taken for speech. */
    private boolean isAudible(float[] frame) {
        double energy = 0;
        for (float sample : frame) {
            energy += sample * sample;
        }
        return energy >= audibleEnergy;
    }

    /** The policy: what a frame of an open island leads to. */
    private void hear(Island island, float[] samples, float speech, Memory after) {
        boolean known = confirmed(island);
        island.hear(samples, speech, after, settings);
        boolean confirmed = confirmed(island);
        if (confirmed && !known) {
            nextSegment++;
        }
        boolean over = island.silence() >= samples(settings.postRoll());
        if (confirmed && over) {
            island.conclude();
            duePartial = null;
        }
        if (island.silence() >= endpoint(island)) {
            close(island);
        } else if (island.length() >= samples(settings.longestIsland())) {
            cut(island);
        } else if (confirmed
                && !over
                && partialStep(island)
                && island.hypothesis().wants(island.length() / SAMPLES_A_MILLI)) {
            int step = island.length() / samples(settings.partialInterval());
            duePartial = new Snapshot(island, step, island.frames(), island.length());
        }
    }

    private boolean confirmed(Island island) {
        return island.speechSamples() >= samples(settings.shortestSpeech());
    }

    /** The silence that ends an island: shorter as it comes near the longest allowed length. */
    private long endpoint(Island island) {
        long full = samples(settings.endpoint());
        long least = samples(settings.postRoll());
        long patience = samples(settings.patience());
        long longest = samples(settings.longestIsland());
        if (island.length() <= patience || longest == patience) {
            return full;
        }
        return Math.max(least, full - (full - least) * (island.length() - patience) / (longest - patience));
    }

    private boolean partialStep(Island island) {
        int interval = samples(settings.partialInterval());
        return interval > 0 && island.length() / interval > (island.length() - FRAME) / interval;
    }

    private void close(Island island) {
        open = null;
        island.stop();
        duePartial = null;
        if (confirmed(island)) {
            island.conclude();
            closed.add(island);
            publishFinals();
        }
        float[] tail = island.tail(samples(settings.preRoll()));
        recent.add(tail, 0, tail.length);
        island.compact();
    }

    /** Ends an island that is too long at a quiet moment, and opens another with what was heard since. */
    private void cut(Island island) {
        long kept = settings.strict() ? island.hypothesis().stableEndMillis() : 0;
        int rest = island.cut(samples(CUT_SEARCH), (int) kept * SAMPLES_A_MILLI);
        island.stop();
        long at = island.positionOf(rest);
        if (confirmed(island)) {
            closed.add(island);
        }
        duePartial = null;
        Island next = island(state(at, 0, true, island.memoryAfter(rest - 1)), new float[0]);
        open = next;
        for (int i = rest; i < island.frames() && open == next; i++) {
            hear(next, island.samplesOf(i), island.speechOf(i), island.memoryAfter(i));
        }
        island.compact();
    }

    private @Nullable RecognitionTask dueFinal() {
        for (Island island : closed) {
            RecognitionTask due = dueFinal(island);
            if (due != null) {
                return due;
            }
        }
        return open == null ? null : dueFinal(open);
    }

    /**
     * While the language is unknown, islands are decoded one after the other, since a final may settle it; and so they are if a final is
     * decoded together with what was said before.
     */
    private @Nullable RecognitionTask dueFinal(Island island) {
        boolean first = closed.isEmpty() || closed.peek() == island;
        if (!island.needsFinal() || (!first && (!knowsLanguage() || context.isUsed()))) {
            return null;
        }
        DecodingRequest request = request(island.finalLength());
        Hypothesis hypothesis = island.hypothesis();
        Preface preface = Preface.NONE;
        if (beginsWithStable(island)) {
            request = request.withHypothesis(hypothesis.tokens(), hypothesis.stableTokens());
        } else {
            preface = preface(island);
            if (island.hearing() == Hearing.ALONE && hasContext(island)) {
                request = request.withoutFallback();
            }
            request = preface.request(drafts ? request.withDraft(likely(island)) : request);
        }
        return new RecognitionTask(
                island, true, island.finalFrames(), island.requestFinal(preface), request, preface, position);
    }

    private Preface preface(Island island) {
        return switch (island.hearing()) {
            case ALONE, WHOLE -> Preface.NONE;
            case TOGETHER -> context.before(island.start() + island.finalLength());
            case AGAIN -> Preface.silence(SilenceGuard.SHIFT);
        };
    }

    /** Whether there is anything to hear an island behind that may decide on it: what was said in another language must not. */
    private boolean hasContext(Island island) {
        return !beginsWithStable(island)
                && !detectsAnew()
                && !context.before(island.start() + island.finalLength()).isEmpty();
    }

    /** What is likely to be written of an island: the same as by itself, or as in its last partial. */
    private static List<DecodedToken> likely(Island island) {
        return island.hearing() == Hearing.TOGETHER
                ? island.firstHearing().tokens()
                : island.hypothesis().tokens();
    }

    /** Whether an island's final must begin with words that were shown as stable. */
    private boolean beginsWithStable(Island island) {
        return settings.strict() && island.hypothesis().stableTokens() > 0;
    }

    private @Nullable RecognitionTask duePartial(Cadence cadence) {
        Snapshot due = duePartial;
        if (due == null || partialRunning || !cadence.keeps(due.step())) {
            return null;
        }
        duePartial = null;
        partialRunning = true;
        return partial(due);
    }

    private RecognitionTask partial(Snapshot due) {
        Hypothesis hypothesis = due.island().hypothesis();
        DecodingRequest request = request(due.length())
                .withHypothesis(hypothesis.tokens(), hypothesis.heldTokens())
                .withoutFallback();
        return new RecognitionTask(
                due.island(), false, due.frames(), due.island().window(due.length()), request, Preface.NONE, position);
    }

    private void publishPartial(RecognitionTask done, Transcription transcription) {
        if (settings.partialInterval().isZero() || isSilence(done.island(), transcription)) {
            return;
        }
        // A strict final begins with what was stable when it was asked for; nothing more must become so until it is
        // said.
        if (settings.strict() && !done.isFinal() && done.island().seemsOver()) {
            return;
        }
        Hypothesis hypothesis = done.island().hypothesis();
        long audioMillis = done.samples() / SAMPLES_A_MILLI;
        boolean accepted = hypothesis.accept(
                transcription,
                audioMillis,
                settings.displayMargin().toMillis(),
                settings.stabilityMargin().toMillis(),
                settings.stabilityProbability());
        if (accepted && hypothesis.shownWords() > 0) {
            results.add(partialResult(done, transcription, hypothesis, audioMillis));
        }
    }

    private void publishFinals() {
        for (Island island = closed.peek(); island != null; island = closed.peek()) {
            Transcription decoded = island.finalResult();
            if (decoded == null) {
                return;
            }
            Transcription transcription =
                    settings.strict() ? island.hypothesis().kept(decoded) : decoded;
            closed.remove();
            taken = Math.max(0, taken - 1);
            island.finish();
            settleLanguage(island, transcription);
            int revision = island.frames() + 1;
            if (island.failed()) {
                results.add(withoutText(island, true, transcription.language(), revision));
            } else if (!isSilence(island, transcription)) {
                if (isTrusted(transcription)) {
                    context.add(island, transcription);
                }
                results.add(finalResult(island, transcription, revision));
            } else if (island.hypothesis().published()) {
                results.add(withoutText(island, false, transcription.language(), revision));
            }
        }
    }

    private static boolean isSure(Transcription text) {
        return text.complete() && !text.words().isEmpty() && text.averageLogProbability() >= SURE;
    }

    /** Whether a text is likely enough to be gone on from. */
    private boolean isTrusted(Transcription text) {
        return !text.words().isEmpty()
                && text.complete()
                && text.averageLogProbability()
                        >= settings.decoding().fallback().averageLogProbability();
    }

    private boolean isSilence(Island island, Transcription transcription) {
        return beginsWithStable(island)
                ? transcription.text().isEmpty()
                : SilenceGuard.isSilence(island, transcription);
    }

    private void settleLanguage(Island island, Transcription transcription) {
        boolean enough = island.length() >= samples(LANGUAGE_AUDIO)
                && transcription.languageProbability() >= LANGUAGE_PROBABILITY;
        if (enough && (language.isEmpty() || detectsAnew())) {
            language = Optional.of(transcription.language());
        }
    }

    private RecognitionResult partialResult(
            RecognitionTask done, Transcription transcription, Hypothesis hypothesis, long audioMillis) {
        Island island = done.island();
        int shown = hypothesis.shownWords();
        List<SpokenWord> words =
                words(island, transcription, hypothesis.stableTokens()).subList(0, shown);
        return new RecognitionResult(
                island.segment(),
                done.revision(),
                false,
                transcription
                        .text()
                        .substring(0, transcription.words().get(shown - 1).endChar()),
                hypothesis.stableChars(),
                words,
                words.get(0).startMillis(),
                Math.min(startMillis(island) + audioMillis, lastMillis),
                transcription.language(),
                transcription.confidence(),
                island.truncated());
    }

    private static RecognitionResult finalResult(Island island, Transcription transcription, int revision) {
        List<SpokenWord> words =
                words(island, transcription, transcription.tokens().size());
        return new RecognitionResult(
                island.segment(),
                revision,
                true,
                transcription.text(),
                transcription.text().length(),
                words,
                words.get(0).startMillis(),
                words.get(words.size() - 1).endMillis(),
                transcription.language(),
                transcription.confidence(),
                island.truncated());
    }

    private static List<SpokenWord> words(Island island, Transcription transcription, int stableTokens) {
        long start = startMillis(island);
        List<SpokenWord> words = new ArrayList<>();
        int fromToken = 0;
        for (TimedWord word : transcription.words()) {
            words.add(new SpokenWord(
                    word.text(),
                    start + word.startMillis(),
                    start + word.endMillis(),
                    word.confidence(),
                    // A stable word may get punctuation, which is not.
                    fromToken < stableTokens));
            fromToken = word.endToken();
        }
        return words;
    }

    private static long startMillis(Island island) {
        return island.start() / SAMPLES_A_MILLI;
    }

    /** A partial that takes a segment back, or a final that could not be had. */
    private static RecognitionResult withoutText(Island island, boolean isFinal, String language, int revision) {
        long start = startMillis(island);
        long end = island.end() / SAMPLES_A_MILLI;
        return new RecognitionResult(
                island.segment(), revision, isFinal, "", 0, List.of(), start, end, language, 0, island.truncated());
    }

    private static int samples(Duration duration) {
        return (int) duration.toMillis() * SAMPLES_A_MILLI;
    }
}
