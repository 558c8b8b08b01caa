/** The driver for the S3 family. It knows no vendor: {@link dev.holdfast.core.storage.S3Vendor} holds what differs. */
@NullMarked
package dev.holdfast.core.storage.s3;

import org.jspecify.annotations.NullMarked;
