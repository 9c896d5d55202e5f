package io.kscribe.engine;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names and other terms that a text is likely to hold, and how much each token of them is favoured.
 *
 * <p>The terms are a trie of tokens. A token that begins or continues a term raises the score of the text by the bonus; a text that leaves a
 * term before its end, or writes on where the term's last word should end, has all of it taken back (shallow fusion with
 * back-off, as in Zhao et al., "Shallow-Fusion End-to-End Contextual Biasing", Interspeech 2019). Each term is known as it is
 * given, with its first letter capital, and in small letters; with a space before it, and without one where no word is being
 * written. Immutable.
 */
public final class KeyTerms {
    /** What a token of a term is favoured by, in units of log-probability. */
    public static final float DEFAULT_BONUS = 2;

    private static final Set<UnicodeScript> WITHOUT_SPACES = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private final Vocabulary vocabulary;
    private final float bonus;

    /** Terms that may begin after any token: their first brings the space, or their script has none. */
    private final Node anywhere = new Node(0, 0);

    /** Terms that may begin only where no word is being written. */
    private final Node betweenWords = new Node(0, 0);

    private KeyTerms(Vocabulary vocabulary, float bonus) {
        this.vocabulary = vocabulary;
        this.bonus = bonus;
    }

    /**
     * Reads terms.
     *
     * @throws IllegalArgumentException if one is blank, or cannot be written with the vocabulary, or the bonus is not above 0
     */
    static KeyTerms of(Vocabulary vocabulary, Collection<String> terms, float bonus) {
        if (!(bonus > 0)) {
            throw new IllegalArgumentException("the bonus of key terms must be above 0 but was " + bonus);
        }
        KeyTerms read = new KeyTerms(vocabulary, bonus);
        if (terms.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a key term is blank");
        }
        // The shorter first: where a term begins with another, its nodes know that part is paid for.
        terms.stream()
                .flatMap(term -> spellings(term.strip()).stream())
                .sorted(Comparator.comparingInt(String::length))
                .forEach(read::add);
        return read;
    }

    private static Set<String> spellings(String term) {
        int first = Character.charCount(term.codePointAt(0));
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(term);
        spellings.add(term.substring(0, first).toUpperCase(Locale.ROOT) + term.substring(first));
        spellings.add(term.toLowerCase(Locale.ROOT));
        return spellings;
    }

    private void add(String term) {
        boolean spaceless = WITHOUT_SPACES.contains(UnicodeScript.of(term.codePointBefore(term.length())));
        boolean begins = WITHOUT_SPACES.contains(UnicodeScript.of(term.codePointAt(0)));
        add(anywhere, vocabulary.tokens(" " + term), spaceless);
        add(begins ? anywhere : betweenWords, vocabulary.tokens(term), spaceless);
    }

    private static void add(Node root, List<Integer> tokens, boolean spaceless) {
        Node node = root;
        for (int token : tokens) {
            Node before = node;
            node = node.next.computeIfAbsent(token, t -> new Node(before.depth + 1, before.paid()));
        }
        node.ends = true;
        node.spaceless = spaceless;
    }

    /** A place in the trie. */
    private static final class Node {
        private final int depth;
        private final Map<Integer, Node> next = new HashMap<>();

        /** How many of the tokens so far are those of a shorter term, and paid for when that one ended. */
        private final int alreadyPaid;

        private boolean ends;
        private boolean spaceless;

        private Node(int depth, int alreadyPaid) {
            this.depth = depth;
            this.alreadyPaid = alreadyPaid;
        }

        private int paid() {
            return ends ? depth : alreadyPaid;
        }

        private int unpaid() {
            return depth - alreadyPaid;
        }
    }

    /** How far a text has come into terms. */
    static final class Progress {
        /** That of a text without tokens. */
        static final Progress NONE = new Progress(List.of(), true);

        private final List<Node> open;
        private final boolean betweenWords;

        private Progress(List<Node> open, boolean betweenWords) {
            this.open = open;
            this.betweenWords = betweenWords;
        }

        private int unpaid() {
            return open.stream().mapToInt(Node::unpaid).max().orElse(0);
        }
    }

    /** The progress of a text with another token. */
    Progress after(Progress before, int token) {
        List<Node> open = new ArrayList<>();
        follow(open, anywhere, token);
        if (before.betweenWords) {
            follow(open, betweenWords, token);
        }
        before.open.forEach(node -> follow(open, node, token));
        return new Progress(open, !vocabulary.endsInWord(token));
    }

    private static void follow(List<Node> open, Node node, int token) {
        Node next = node.next.get(token);
        if (next != null) {
            open.add(next);
        }
    }

    /** What the score of a text rises by with a token; negative where a term is left. */
    float gain(Progress before, int token, Progress after) {
        boolean wordEnds = !vocabulary.beginsInWord(token);
        int paid = before.open.stream()
                .filter(node -> node.ends && (wordEnds || node.spaceless))
                .mapToInt(Node::unpaid)
                .max()
                .orElse(0);
        return bonus * (paid + after.unpaid() - before.unpaid());
    }

    /** True if the terms are those of a vocabulary. */
    boolean areOf(Vocabulary other) {
        return vocabulary == other;
    }
}
