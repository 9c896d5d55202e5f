package io.kscribe.operations;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** kscribe's own metrics as a server shows them, as the table that the documentation has. */
public final class MetricsTable {

    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (kscribe_\\w+) (.*)");

    private static final Pattern SAMPLE = Pattern.compile("(kscribe_\\w+)\\{(.*)} .*");

    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private MetricsTable() {}

    /** The table of what a scrape shows. */
    public static String of(String scrape) {
        Map<String, String> types = new TreeMap<>();
        Map<String, String> meanings = new LinkedHashMap<>();
        Map<String, Set<String>> labels = new LinkedHashMap<>();
        for (String line : scrape.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (comment.matches()) {
                (comment.group(1).equals("TYPE") ? types : meanings).put(comment.group(2), comment.group(3));
            } else if (sample.matches()) {
                String name = sample.group(1).replaceFirst("_(bucket|sum|count)$", "");
                Matcher all = LABEL.matcher(sample.group(2));
                while (all.find()) {
                    labels.computeIfAbsent(name, any -> new TreeSet<>()).add(all.group(1));
                }
            }
        }
        labels.values().forEach(some -> some.remove("le"));
        return types.entrySet().stream()
                .map(metric -> "| `" + metric.getKey() + "` | " + metric.getValue() + " | "
                        + String.join(", ", labels.getOrDefault(metric.getKey(), Set.of())) + " | "
                        + meanings.get(metric.getKey()) + " |")
                .collect(Collectors.joining("\n", "| metric | type | labels | meaning |\n|---|---|---|---|\n", "\n"));
    }
}
