package io.kscribe.model;

/** Says in one sentence, meant for a user, why a model or sample cannot be had. */
public class ModelException extends Exception {

    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }

    public ModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
