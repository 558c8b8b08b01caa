package dev.holdfast.core.storage.s3;

/** What was asked of the storage: the words for a message, and the permission it takes. */
enum S3Action {
    PUT("put", "s3:PutObject"),
    PUT_LOCKED("put", "s3:PutObject and s3:PutObjectRetention"),
    GET("get", "s3:GetObject"),
    STAT("stat", "s3:GetObject (and s3:ListBucket, without which a missing object is answered so)"),
    LIST("list", "s3:ListBucket"),
    DELETE("delete", "s3:DeleteObject"),
    DELETE_VERSION("delete", "s3:DeleteObjectVersion"),
    LOOK_AT_LOCK("look at the lock of", "s3:GetObject and s3:GetObjectRetention"),
    EXTEND_LOCK("lock", "s3:PutObjectRetention"),
    LIST_VERSIONS("list versions below", "s3:ListBucketVersions"),
    ABORT("abort the upload of", "s3:AbortMultipartUpload");

    private final String verb;
    private final String permission;

    S3Action(String verb, String permission) {
        this.verb = verb;
        this.permission = permission;
    }

    String verb() {
        return verb;
    }

    /** The name of the permission in a policy. */
    String permission() {
        return permission;
    }
}
