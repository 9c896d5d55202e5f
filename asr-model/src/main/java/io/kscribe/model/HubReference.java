package io.kscribe.model;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a model on the Hugging Face hub: {@code hf:owner/name}, or {@code hf:owner/name@revision} for a branch, tag or
 * commit other than {@code main}.
 */
record HubReference(String owner, String name, String revision) {

    static final String SCHEME = "hf:";
    private static final String DEFAULT_REVISION = "main";

    private static final String WORD = "[A-Za-z0-9_][A-Za-z0-9_.-]*";
    private static final Pattern SYNTAX =
            Pattern.compile(SCHEME + "(" + WORD + ")/(" + WORD + ")(?:@(" + WORD + "(?:/" + WORD + ")*))?");

    /** @throws ModelException if the text is not such a name */
    static HubReference parse(String text) throws ModelException {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new ModelException("\"" + text
                    + "\" does not name a model on the hub, expected hf:owner/name or hf:owner/name@revision");
        }
        return of(matcher);
    }

    private static HubReference of(Matcher matched) {
        String revision = matched.group(3);
        return new HubReference(matched.group(1), matched.group(2), revision == null ? DEFAULT_REVISION : revision);
    }

    /** The address of a file at some revision, below the hub's own address. */
    URI file(URI endpoint, String atRevision, String file) {
        String base = endpoint.toString().replaceAll("/+$", "");
        return URI.create(base + "/" + owner + "/" + name + "/resolve/"
                + URLEncoder.encode(atRevision, StandardCharsets.UTF_8) + "/" + file);
    }

    /** Where it lives below a directory; no two references share a place. */
    Path below(Path directory) {
        return directory.resolve(owner).resolve(name + "@" + URLEncoder.encode(revision, StandardCharsets.UTF_8));
    }

    /** The reference that lives in a place made by {@link #below}; nothing if something else lives there. */
    static Optional<HubReference> at(Path place) {
        String owner = String.valueOf(Objects.requireNonNull(place.getParent()).getFileName());
        String folder = URLDecoder.decode(String.valueOf(place.getFileName()), StandardCharsets.UTF_8);
        return Optional.of(SYNTAX.matcher(SCHEME + owner + "/" + folder))
                .filter(Matcher::matches)
                .map(HubReference::of);
    }

    @Override
    public String toString() {
        return SCHEME + owner + "/" + name + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision);
    }
}
