package io.kscribe.bench;

/**
 * What became of the finals that the audio gives.
 *
 * @param expected how many the audio gives when nothing disturbs it
 * @param received how many came, repeated ones counted once
 * @param lost expected, but did not come
 * @param doubled came again, each time counted
 * @param unexpected came, but the audio does not give them
 * @param changed came with another text or other times than an undisturbed run gives; only where both were compared
 * @param compared how many were compared word by word
 */
public record Finals(
        long expected, long received, long lost, long doubled, long unexpected, long changed, long compared) {

    /** Whether each came once and was what it should be. */
    public boolean complete() {
        return lost == 0 && doubled == 0 && unexpected == 0 && changed == 0;
    }
}
