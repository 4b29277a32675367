import { orgId, page, pageSize, prisma, productId } from "../context.ts";

// ---- As published

// Efficient organization products query
const productsWithCounts = await prisma.product.findMany({
  where: {
    organizationId: orgId,
    deletedAt: null
  },
  include: {
    _count: {
      select: {
        ideas: { where: { deletedAt: null } },
        features: { where: { deletedAt: null } },
        releases: { where: { deletedAt: null } }
      }
    }
  },
  orderBy: { createdAt: 'desc' }
});

// Paginated ideas with scoring
const ideas = await prisma.idea.findMany({
  where: {
    productId,
    deletedAt: null,
    status: { in: ['SUBMITTED', 'UNDER_REVIEW'] }
  },
  include: {
    creator: { select: { name: true, image: true } }
  },
  orderBy: { riceScore: 'desc' },
  skip: (page - 1) * pageSize,
  take: pageSize
});

// ---- Until here

export { ideas, productsWithCounts };
