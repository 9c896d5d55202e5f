package io.kscribe.model;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Decides whether a request that failed is made again, and waits twice as long before each further attempt. */
final class Patience {

    /** How often in a row a request may fail, without having got further, until it is given up. */
    static final int MAX_FAILURES = 5;

    private final String request;
    private final Duration firstPause;
    private int failures;

    /** @param request what is asked for, for messages */
    Patience(String request, Duration firstPause) {
        this.request = request;
        this.firstPause = firstPause;
    }

    /**
     * Returns when the request may be made again.
     *
     * @param gotFurther whether the failed attempt brought something that those before had not
     * @throws ModelException if it has failed too often
     * @throws InterruptedIOException if the attempt failed, or the wait ends, by an interrupt
     */
    void after(IOException failure, boolean gotFurther) throws ModelException, InterruptedIOException {
        if (failure instanceof InterruptedIOException interrupt) {
            throw interrupt;
        }
        failures = gotFurther ? 1 : failures + 1;
        if (failures == MAX_FAILURES) {
            throw new ModelException(
                    request + " could not be fetched, " + MAX_FAILURES + " attempts failed, the last with: "
                            + reason(failure),
                    failure);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(firstPause.toNanos() << (failures - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to fetch " + request + " again");
        }
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
