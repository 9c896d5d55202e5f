package io.kscribe.model;

/** Is told how downloads go, one after the other. Its methods are called by one thread at a time. */
public interface DownloadProgress {

    /** Tells nobody. */
    DownloadProgress SILENT = new DownloadProgress() {
        @Override
        public void start(String name, long totalBytes) {}

        @Override
        public void advanced(long bytes) {}

        @Override
        public void done() {}
    };

    /** The total of a download whose length, or whose advance, nobody can know. */
    long UNKNOWN_BYTES = -1;

    /**
     * A download begins.
     *
     * @param name what is downloaded, for people to read
     * @param totalBytes how long it is, or {@link #UNKNOWN_BYTES}
     */
    void start(String name, long totalBytes);

    /**
     * The download lives.
     *
     * @param bytes how much has come since the start; it falls when a server makes the download begin again, and stays 0
     *     where the total is unknown
     */
    void advanced(long bytes);

    /** The download ended well: everything came and was verified. */
    void done();

    /** The download ended in an error, which is reported elsewhere. */
    default void failed() {}
}
