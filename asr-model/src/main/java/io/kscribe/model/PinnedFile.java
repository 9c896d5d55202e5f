package io.kscribe.model;

/**
 * Names a file that kscribe knows to the byte.
 *
 * @param source its path in the package it comes from
 * @param name its path where it is installed
 * @param sizeBytes its length
 * @param sha256 its hash, 64 lower-case hexadecimal digits
 */
record PinnedFile(String source, String name, long sizeBytes, String sha256) {

    PinnedFile {
        if (sizeBytes <= 0) {
            throw new IllegalArgumentException(name + " must have a positive size, got " + sizeBytes);
        }
        if (sha256.length() != 64) {
            throw new IllegalArgumentException(name + " must have a SHA-256 of 64 digits, got " + sha256);
        }
    }

    /** The same file, found below a folder of its package. */
    PinnedFile in(String folder) {
        return new PinnedFile(folder + "/" + source, name, sizeBytes, sha256);
    }
}
