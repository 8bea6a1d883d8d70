/* Labels, by their numbers from 0:
@label_lines@
 */
#define @NAME@_LABEL_COUNT @label_count@
/* No label is sure enough. */
#define @NAME@_NO_LABEL (-1)

/* Ends the text that was read, which has no line end, and forgets it: the next one can be read. Returns the number of
 * its label, or @NAME@_NO_LABEL. `margin`, where it is not NULL, becomes how far the best label is above the others, in
 * logits; the threshold that it is compared with is in the image. */
int @name@_label(@name@_model *model, int32_t *margin);

/* A label's name of an opened model, and its bytes: it has no '\0'. Of any other number "none of these". */
const char *@name@_label_name(const @name@_model *model, int label, size_t *size);
