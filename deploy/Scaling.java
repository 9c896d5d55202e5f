import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * How long transcripts take when N channels share W workers: {@code java deploy/Scaling.java [SECONDS_A_PARTIAL SECONDS_A_FINAL]}, a simulation by events of
 * the service's own policy. People talk in turns; while one talks, a partial is due every half second; when he pauses, a final is, and finals go
 * first; a partial that still waits when the next one of its channel is due is left out.
 *
 * <p>What a task takes is a worker's time for it, decoded beside others, as measured ({@code kscribe_inference_busy_seconds_total} by
 * {@code kscribe_inference_decoded_total}).
 */
public final class Scaling {
    private static final double TALK = 0.45;
    private static final double MEAN_ISLAND = 2.5;
    private static final double PARTIAL_EVERY = 0.5;
    private static final double ENDPOINT = 0.5;
    private static final double LENGTH = 600;

    private record Task(int channel, boolean isFinal, double due) {}

    private record Event(double at, Task task, int frees) {}

    private Scaling() {}

    public static void main(String[] args) {
        double partial = args.length > 0 ? Double.parseDouble(args[0]) : 0.05;
        double last = args.length > 1 ? Double.parseDouble(args[1]) : 0.06;
        System.out.printf(Locale.ROOT, "a partial takes %.0f ms, a final %.0f ms; waiting and decoding%n%n", partial * 1000, last * 1000);
        System.out.println("| workers | channels | a worker | load | partial p50, p95 s | partials left out | final p50, p95 s |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (int workers : new int[] {2, 16, 128}) {
            for (double share : new double[] {0.5, 0.7, 0.85, 0.95, 1.2}) {
                double costOfChannel = TALK * (partial / PARTIAL_EVERY + last / MEAN_ISLAND);
                int channels = (int) Math.round(share * workers / costOfChannel);
                run(workers, channels, partial, last);
            }
        }
    }

    private static void run(int workers, int channels, double partial, double last) {
        SplittableRandom random = new SplittableRandom(1);
        PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingDouble(Event::at));
        for (int channel = 0; channel < channels; channel++) {
            talk(channel, random, events);
        }
        ArrayDeque<Task> finals = new ArrayDeque<>();
        List<Task> partials = new ArrayList<>();
        List<Double> partialTimes = new ArrayList<>();
        List<Double> finalTimes = new ArrayList<>();
        int free = workers;
        int leftOut = 0;
        int asked = 0;
        double busy = 0;
        while (!events.isEmpty() && events.peek().at() < LENGTH) {
            Event event = events.poll();
            free += event.frees();
            Task due = event.task();
            if (due != null && due.isFinal()) {
                finals.add(due);
            } else if (due != null) {
                asked++;
                leftOut += partials.removeIf(waiting -> waiting.channel() == due.channel()) ? 1 : 0;
                partials.add(due);
            }
            while (free > 0 && !(finals.isEmpty() && partials.isEmpty())) {
                Task next = finals.isEmpty() ? partials.remove(0) : finals.poll();
                double takes = next.isFinal() ? last : partial;
                free--;
                busy += takes;
                (next.isFinal() ? finalTimes : partialTimes).add(event.at() + takes - next.due());
                events.add(new Event(event.at() + takes, null, 1));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %.0f | %.0f %% | %.2f, %.2f | %.0f %% | %.2f, %.2f |%n",
                workers,
                channels,
                (double) channels / workers,
                100 * busy / workers / LENGTH,
                quantile(partialTimes, 0.5),
                quantile(partialTimes, 0.95),
                100.0 * leftOut / asked,
                quantile(finalTimes, 0.5),
                quantile(finalTimes, 0.95));
    }

    /** Islands and pauses of random lengths; what is due in them. */
    private static void talk(int channel, SplittableRandom random, PriorityQueue<Event> events) {
        double at = random.nextDouble() * MEAN_ISLAND / TALK;
        while (at < LENGTH) {
            double length = 0.3 + exponential(random, MEAN_ISLAND - 0.3);
            for (double heard = PARTIAL_EVERY; heard < length; heard += PARTIAL_EVERY) {
                add(channel, false, at + heard, events);
            }
            add(channel, true, at + length + ENDPOINT, events);
            at += length + ENDPOINT + exponential(random, MEAN_ISLAND / TALK - MEAN_ISLAND - ENDPOINT);
        }
    }

    private static void add(int channel, boolean isFinal, double due, PriorityQueue<Event> events) {
        events.add(new Event(due, new Task(channel, isFinal, due), 0));
    }

    private static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private static double quantile(List<Double> values, double share) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }
}
