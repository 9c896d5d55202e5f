package io.kscribe.model;

import java.net.URI;
import java.util.Optional;

/**
 * Describes a file on a server that is there to be fetched.
 *
 * @param request what it is and of which model, for messages
 * @param name its path in its repository
 * @param address where it is asked for
 * @param sizeBytes its length, or {@link DownloadProgress#UNKNOWN_BYTES}
 * @param sha256 its hash, if the server told it
 * @param commit the commit that its repository was at, if the server told it
 */
record RemoteFile(
        String request, String name, URI address, long sizeBytes, Optional<String> sha256, Optional<String> commit) {}
