package io.kscribe.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The schemas under which records have ever been published, so that they can be read for ever. Version {@code n} of a record
 * is the resource {@code released/NAME-n.avsc}: self-contained, without documentation, never changed once released.
 */
final class ReleasedSchemas {

    private ReleasedSchemas() {}

    /**
     * Reads every released version of a record's schema.
     *
     * @param name the record's simple name, for instance {@code AudioChunk}
     * @return the versions in order, version 1 first
     * @throws IllegalStateException if there is none
     */
    static List<Schema> of(String name) {
        List<Schema> versions = new ArrayList<>();
        while (true) {
            String resource = "released/" + name + "-" + (versions.size() + 1) + ".avsc";
            try (InputStream in = ReleasedSchemas.class.getResourceAsStream(resource)) {
                if (in == null) {
                    break;
                }
                // A parser refuses to define a name twice, and every version defines the same names.
                versions.add(new Schema.Parser().parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new UncheckedIOException("The schema " + resource + " cannot be read from the class path.", e);
            }
        }
        if (versions.isEmpty()) {
            throw new IllegalStateException("No released schema of " + name + " is on the class path.");
        }
        return List.copyOf(versions);
    }
}
