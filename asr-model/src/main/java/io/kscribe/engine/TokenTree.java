package io.kscribe.engine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Where the tokens of one decoding lie in the decoder's cache, and how its texts branch.
 *
 * <p>Every token has a slot in the cache and follows another; it sees the slots on its way to the root, and the others are masked.
 * So several continuations of one text share its slots and one run of the graph, and nothing is copied or reordered when one of
 * them is dropped. Not thread-safe.
 */
final class TokenTree {
    /** What the first token of a text follows. */
    static final int ROOT = -1;

    private final boolean alone;
    private final List<Slot> slots = new ArrayList<>();
    private int tip = ROOT;

    /**
     * A place in the cache.
     *
     * @param id the token
     * @param depth how many tokens come before it
     * @param path the slots that it sees: those before it and its own
     */
    record Slot(int id, int depth, BitSet path) {}

    /**
     * Starts with no token.
     *
     * @param alone whether slots that are taken back can be taken again; if other trees take slots in step with this one, they stay empty
     */
    TokenTree(boolean alone) {
        this.alone = alone;
    }

    /** Whether no other tree takes slots in step with this one: tokens are then tried at no cost to others. */
    boolean isAlone() {
        return alone;
    }

    /** How many slots are taken: the next token's slot. */
    int size() {
        return slots.size();
    }

    /** The last token's slot, from which a text goes on; or {@link #ROOT}. */
    int tip() {
        return tip;
    }

    Slot slot(int index) {
        return slots.get(index);
    }

    /** Goes back from the tip by some tokens, which nothing else follows. */
    void takeBack(int tokens) {
        for (int i = 0; i < tokens; i++) {
            tip = slots.get(tip).path.previousSetBit(tip - 1);
        }
        if (alone) {
            drop(tip + 1);
        }
    }

    /** Adds the tokens of a pass; the last becomes the tip. */
    void add(Pass pass) {
        for (int t = 0; t < pass.ids().length; t++) {
            int follows = pass.after()[t];
            BitSet path = new BitSet(slots.size() + 1);
            if (follows != ROOT) {
                path.or(slots.get(follows).path);
            }
            path.set(slots.size());
            slots.add(new Slot(pass.ids()[t], path.cardinality() - 1, path));
        }
        tip = slots.size() - 1;
    }

    /** Takes slots for tokens that nothing will see. */
    void skip(int count) {
        for (int i = 0; i < count; i++) {
            BitSet itself = new BitSet(slots.size() + 1);
            itself.set(slots.size());
            slots.add(new Slot(0, 0, itself));
        }
    }

    /** Gives all slots back from one on. */
    void drop(int from) {
        slots.subList(from, slots.size()).clear();
    }
}
