package io.kscribe.cli;

/**
 * How many terminal columns text takes: none for marks that combine with a letter, two for East Asian wide characters and
 * emoji (Unicode Standard Annex 11, classes W and F, to the block), one for everything else.
 */
final class DisplayWidth {

    /** First and last code points of the blocks whose characters are wide. */
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x2E80, 0x303E},
        {0x3041, 0xA4CF},
        {0xA960, 0xA97C},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF00, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF},
        {0x20000, 0x3FFFD},
    };

    private DisplayWidth() {}

    /** Columns that the text takes on one line. */
    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    /**
     * The longest end of a text that fits.
     *
     * @param columns at least 1; a text that is cut gives one of them to an ellipsis
     */
    static String end(String text, int columns) {
        return text.substring(endStart(text, columns));
    }

    /** Where the longest end of a text that fits begins: 0 if all of it fits. */
    static int endStart(String text, int columns) {
        if (of(text) <= columns) {
            return 0;
        }
        int start = text.length();
        int left = columns - 1;
        while (start > 0) {
            int codePoint = text.codePointBefore(start);
            left -= of(codePoint);
            if (left < 0) {
                break;
            }
            start -= Character.charCount(codePoint);
        }
        return start;
    }

    private static int of(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int[] block : WIDE) {
            if (codePoint <= block[1]) {
                return codePoint >= block[0] ? 2 : 1;
            }
        }
        return 1;
    }
}
